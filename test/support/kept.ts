import { AwsClient } from "aws4fetch";
import { bucket, postgresUrl, redisUrl } from "../../lib";
import type { ProvisionedKind } from "../../lib/kinds/provisioned";
import { queryUrl } from "./home";
import { withRedis } from "./redis-client";

type Values = Readonly<Record<string, string>>;

interface Keeping {
  /** A setting of the kind. */
  readonly declare: (options: { readonly formerly?: readonly string[]; readonly server?: ServerOption }) => ReturnType<typeof postgresUrl>;
  /** Stores a text in a setting's resource; `variable` is the setting's name in capitals. */
  readonly keep: (values: Values, variable: string, text: string) => Promise<unknown>;
  /** All texts stored in a setting's resource, sorted. */
  readonly kept: (values: Values, variable: string) => Promise<readonly string[]>;
}

type ServerOption = string | { readonly id: string; readonly formerly?: readonly string[] };

/** How an app stores texts in a setting of each kind. */
export const keeping: Readonly<Record<ProvisionedKind, Keeping>> = {
  postgres: {
    declare: (options) => postgresUrl(options),
    keep: async (values, variable, text) => {
      await queryUrl(values[variable], "create table if not exists kept (text text)");
      await queryUrl(values[variable], `insert into kept values ('${text}')`);
    },
    kept: async (values, variable) => {
      const [found] = (await queryUrl(values[variable], "select to_regclass('kept')::text as name")) as { name: string | null }[];
      if (found?.name !== "kept") return [];
      return ((await queryUrl(values[variable], "select text from kept order by 1")) as { text: string }[]).map(({ text }) => text);
    },
  },
  redis: {
    declare: (options) => redisUrl(options),
    keep: (values, variable, text) => withRedis(values[variable] ?? "", (client) => client.rpush("kept", text)),
    kept: (values, variable) => withRedis(values[variable] ?? "", async (client) => (await client.lrange("kept", 0, -1)).toSorted()),
  },
  bucket: {
    declare: (options) => bucket(options),
    keep: (values, variable, text) => storage(values, variable)("PUT", text),
    kept: async (values, variable) => {
      const listed = await (await storage(values, variable)("GET", "?list-type=2")).text();
      return [...listed.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = ""]) => key).toSorted();
    },
  },
};

const storage = (values: Values, variable: string) => {
  const field = (name: string) => values[`${variable}_${name}`] ?? "";
  const client = new AwsClient({
    accessKeyId: field("ACCESS_KEY_ID"),
    secretAccessKey: field("SECRET_ACCESS_KEY"),
    region: field("REGION"),
    service: "s3",
    retries: 0,
  });
  return async (method: "GET" | "PUT", rest: string): Promise<Response> => {
    const url = `${field("ENDPOINT")}/${field("BUCKET")}${method === "PUT" ? "/" : ""}${rest}`;
    const response = await client.fetch(url, { method, ...(method === "PUT" && { body: rest }) });
    if (!response.ok) throw new Error(`${method} failed with status ${response.status}: ${await response.text()}`);
    return response;
  };
};
