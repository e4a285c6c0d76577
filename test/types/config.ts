import { z } from "zod";
import {
  apiKeys,
  bucket,
  fake,
  load,
  loadSync,
  postgresUrl,
  redisUrl,
  secret,
  setting,
  settings,
  type ApiKeys,
  type Bucket,
  type Config,
  type PostgresConnection,
  type RedisConnection,
  type Secret,
} from "../../lib/index";
import type { Equal, Expect } from "./equal";

const kinds = settings("kinds", {
  databaseUrl: postgresUrl({ version: "17", extensions: ["vector"] as const }),
  redisUrl: redisUrl(),
  uploads: bucket({ versioning: false }),
  token: secret(),
  account: secret(z.object({ id: z.string() }), { env: "ACCOUNT_JSON" }),
  keys: apiKeys(),
  port: z.number(),
  mode: z.enum(["a", "b"]),
});

export type Kinds = Expect<
  Equal<
    Config<typeof kinds>,
    {
      readonly databaseUrl: PostgresConnection;
      readonly redisUrl: RedisConnection;
      readonly uploads: Bucket;
      readonly token: Secret;
      readonly account: Secret<{ id: string }>;
      readonly keys: ApiKeys;
      readonly port: number;
      readonly mode: "a" | "b";
    }
  >
>;

const wrapped = settings("wrapped", {
  optional: secret().optional(),
  nullable: postgresUrl().nullable(),
  nullish: redisUrl().nullish(),
  described: secret().describe("x").meta({ title: "y" }),
  refined: secret().refine((value) => value.reveal() !== ""),
  readonlyPlain: z.array(z.string()).readonly(),
  branded: z.string().brand<"Site">(),
  defaulted: z.number().default(5),
  defaultedOptional: z.number().optional().default(5),
  transformed: z.string().transform((text) => text.length),
  withOptions: setting(z.number().optional(), { env: "N" }),
});

export type Wrapped = Expect<
  Equal<
    Config<typeof wrapped>,
    {
      readonly optional: Secret | undefined;
      readonly nullable: PostgresConnection | null;
      readonly nullish: RedisConnection | null | undefined;
      readonly described: Secret;
      readonly refined: Secret;
      readonly readonlyPlain: readonly string[];
      readonly branded: string & z.core.$brand<"Site">;
      readonly defaulted: number;
      readonly defaultedOptional: number;
      readonly transformed: number;
      readonly withOptions: number | undefined;
    }
  >
>;

const marked = settings("marked", {
  a: secret().readonly(),
  b: secret().brand<"mark">(),
  c: secret({ fallback: "b" }).readonly().optional(),
});
export type RevealsStill = Expect<Equal<ReturnType<Config<typeof marked>["a"]["reveal"]>, string>>;
export type BrandedSecret = Expect<Equal<Config<typeof marked>["b"] extends Secret ? true : false, true>>;
export type OptionalFallback = Expect<Equal<undefined extends Config<typeof marked>["c"] ? true : false, true>>;

const conditional = settings(
  "conditional",
  {
    mode: z.enum(["x", "y"]).default("x"),
    inProduction: apiKeys({ requiredIn: ["production"] }),
    when: secret(),
    both: secret({ requiredIn: ["test"] }),
    plain: setting(z.string(), { requiredIn: ["production", "test"] }),
    required: secret(),
    optional: secret().optional(),
    nullable: secret().nullable(),
    ofRequired: secret({ fallback: "required" }),
    ofOptional: secret({ fallback: "optional" }),
    ofNullable: secret({ fallback: "nullable" }),
    ofWhen: secret({ fallback: "when" }),
    ofBoth: secret({ fallback: "both" }),
    ofOfWhen: secret({ fallback: "ofWhen" }),
    ofMode: setting(z.string(), { fallback: "mode" }),
  },
  { requiredWhen: { when: { mode: "y" }, both: { mode: ["x", "y"] } } },
);

export type Conditional = Expect<
  Equal<
    Config<typeof conditional>,
    {
      readonly mode: "x" | "y";
      readonly inProduction: ApiKeys | undefined;
      readonly when: Secret | undefined;
      readonly both: Secret | undefined;
      readonly plain: string | undefined;
      readonly required: Secret;
      readonly optional: Secret | undefined;
      readonly nullable: Secret | null;
      readonly ofRequired: Secret;
      readonly ofOptional: Secret | undefined;
      readonly ofNullable: Secret | undefined;
      readonly ofWhen: Secret | undefined;
      readonly ofBoth: Secret | undefined;
      readonly ofOfWhen: Secret | undefined;
      readonly ofMode: string;
    }
  >
>;

const extended = settings.extend(
  conditional,
  "extended",
  { own: z.number(), more: secret({ fallback: "when" }), sure: secret({ fallback: "required" }), extra: secret() },
  {
    requiredWhen: { extra: { mode: "x", own: 5 } },
    check: ({ own, when, extra, mode }) => {
      const types: readonly [number, Secret | undefined, Secret | undefined, "x" | "y"] = [own, when, extra, mode];
      return types.length === 4 || "never";
    },
  },
);

export type Extended = Expect<
  Equal<
    Pick<Config<typeof extended>, "mode" | "when" | "ofRequired" | "own" | "more" | "sure" | "extra">,
    {
      readonly mode: "x" | "y";
      readonly when: Secret | undefined;
      readonly ofRequired: Secret;
      readonly own: number;
      readonly more: Secret | undefined;
      readonly sure: Secret;
      readonly extra: Secret | undefined;
    }
  >
>;
export type ExtendedHasAll = Expect<
  Equal<keyof Config<typeof extended>, keyof Config<typeof conditional> | "own" | "more" | "sure" | "extra">
>;

/** `check`, `load` and `fake` have the type of the configuration. */
export const uses = async (): Promise<void> => {
  settings(
    "checked",
    { port: z.number(), token: secret({ requiredIn: ["production"] }) },
    { check: ({ port, token }) => port > 1 || (token?.reveal() ?? "no") },
  );
  settings.extend(conditional, "checked", { own: z.number() }, { check: ({ own, when }) => own > 1 || (when?.reveal() ?? "no") });
  const loaded = await load(kinds);
  const types: readonly Expect<Equal<typeof loaded, Config<typeof kinds>>>[] = [];
  const sync = loadSync(kinds);
  const same: readonly Expect<Equal<typeof sync, Config<typeof kinds>>>[] = [];
  const faked = fake(kinds, { databaseUrl: "postgresql://x", uploads: { BUCKET: "b", REGION: "r" }, port: 1, mode: "b" });
  const all: readonly Expect<Equal<typeof faked, Config<typeof kinds>>>[] = [];
  console.log(types, same, all);
};
