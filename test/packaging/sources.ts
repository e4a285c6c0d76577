/** An app with a group of settings. Its last line is wrong. */
export const APP = `
import { apiKeys, load, postgresUrl, secret, setting, settings, type Config } from "endow";
import { z } from "zod";
export const shared = settings("shared", {
  databaseUrl: postgresUrl(),
  mode: z.enum(["a", "b"]).default("a"),
  account: secret(z.object({ id: z.string() })).optional(),
  site: setting(z.url(), { requiredIn: ["production"] }),
  keys: apiKeys(),
}, { requiredWhen: { account: { mode: "b" } }, check: ({ mode, site }) => mode === "a" || site !== undefined || "no" });
export const port = async (): Promise<number> => (await load(shared)).databaseUrl.port;
export const id = (config: Config<typeof shared>): string | undefined => config.account?.reveal().id;
export const web = settings.extend(shared, "web", { other: secret({ fallback: "nothing" }) });
`;

/** A Pulumi program. Its last line is wrong. */
export const DEPLOYMENT = `
import type { Output } from "@pulumi/pulumi";
import { apiKeys, bucket, postgresUrl, secret, setting, settings } from "endow";
import { app, existing, local, Project, SettingsGroup } from "endow/pulumi";
import { z } from "zod";
export const shared = settings("shared", {
  databaseUrl: postgresUrl({ version: "17" }),
  uploads: bucket(),
  token: secret({ fallback: "account" }).optional(),
  account: secret(z.object({ id: z.string() })),
  keys: apiKeys({ requiredIn: ["production"] }),
  mode: z.enum(["a", "b"]).default("a"),
  port: setting(z.number().default(8000), { env: "HTTP_PORT" }),
}, { requiredWhen: { token: { mode: "b" } } });
export const shop = new Project("shop", {
  groups: [shared],
  target: () => local(),
  apps: { web: app({ command: ["node", "server.js"], port: 8000, reads: [shared] }) },
});
export const url: Output<string> = shop.apps.web.url;
export const host: Output<string> = shop.group(shared).outputs.databaseUrl.host;
export const alone = new SettingsGroup("alone", {
  group: shared,
  target: local(),
  existing: { uploads: existing({ bucket: "shop-uploads", region: "eu-west-1" }) },
});
export const none: string = shop.apps.worker;
`;

/** Whatever a package of shared settings may export without a type of its own making. */
export const EXPORTED = `
import * as endow from "endow";
import { apiKeys, bucket, fake, load, postgresUrl, redisUrl, secret, setting, settings } from "endow";
import { plan } from "endow/plan";
import { z } from "zod";

export const plain = setting(z.string(), { env: "SITE" });
export const conditional = setting(z.number().optional(), { requiredIn: ["production"], public: true });
export const token = secret({ fallback: "other" }).optional();
export const account = secret(z.object({ id: z.string() }));
export const databaseUrl = postgresUrl({ requiredIn: ["production", "test"] });
export const builders = [postgresUrl, redisUrl, bucket, apiKeys];
export const { mongodbUrl, mysqlUrl, natsUrl, redisNodes, smtp } = endow;
export const supplied = [mongodbUrl(), mysqlUrl(), natsUrl(), redisNodes(), smtp()];
export const pair = [postgresUrl, bucket] as const;

export const shared = settings("shared", {
  siteName: setting(z.string(), { env: "SITE" }),
  databaseUrl: postgresUrl(),
  redisUrl: redisUrl().nullable(),
  uploads: bucket(),
  keys: apiKeys({ requiredIn: ["production"] }),
  token: secret({ fallback: "other" }),
  other: secret(),
  mode: z.enum(["a", "b"]).default("a"),
}, { requiredWhen: { other: { mode: "b" } } });
export const web = settings.extend(shared, "web", { own: setting(z.number(), { env: "OWN" }) });
export const groups = [shared, web] as const;
export const database = postgresUrl;

export const loaded = () => load(shared);
export const faked = fake(web);
export const planned = plan({ project: "shop", groups: [web], environment: "production" });
export const { profile, grants, missing, problems, variables, servers, resources } = planned;
export const sources = variables.map(({ source, writer, state }) => ({ source, writer, state }));
export const tls = faked.databaseUrl.tls;
export const connection = faked.databaseUrl;
export const s3 = faked.uploads.clientOptions();
`;

const EQUAL = `
type Equal<A, B> = (<T>() => T extends A ? T : 2) extends <T>() => T extends B ? T : 2 ? true : false;
type Expect<T extends true> = T;
`;

/** Settings of an app, and the exact types of their values. */
export const VALUES = `
import { load, secret, setting, settings, type Config, type Secret } from "endow";
import { z } from "zod";
${EQUAL}
export const shared = settings("shared", {
  port: z.number().default(80),
  mode: setting(z.enum(["a", "b"]), { env: "MODE", requiredIn: ["production"] }),
  list: z.array(z.string()).optional(),
  length: z.string().transform((text) => text.length),
  account: secret(z.object({ id: z.string() })),
  key: secret(z.string().min(4), { fallback: "other" }),
  other: secret(),
}, { requiredWhen: { other: { port: 80 } } });
export type Values = Expect<Equal<Config<typeof shared>, {
  readonly port: number;
  readonly mode: "a" | "b" | undefined;
  readonly list: string[] | undefined;
  readonly length: number;
  readonly account: Secret<{ id: string }>;
  readonly key: Secret | undefined;
  readonly other: Secret | undefined;
}>>;
export const port = async (): Promise<number> => (await load(shared)).port;
`;

/** Settings declared with zod/mini. */
export const MINI = `
import { loadSync, secret, setting, settings } from "endow";
import * as z from "zod/mini";
const shared = settings("shared", {
  port: z.number(),
  token: secret(z.string().check(z.minLength(4))),
  site: setting(z._default(z.string(), "x"), { env: "SITE" }),
});
console.log(JSON.stringify(loadSync(shared)));
`;

/** A package of shared settings. */
export const SHARED = `
import { postgresUrl, secret, settings } from "endow";
import { z } from "zod";
export const shared = settings("shared", { databaseUrl: postgresUrl(), token: secret(), mode: z.enum(["a", "b"]) });
`;

/** An app, and its deployment, with the settings of that package. */
export const WITH_SHARED = `
import { load, postgresUrl, secret, settings } from "endow";
import { local, Project } from "endow/pulumi";
import { z } from "zod";
import { shared } from "./shared/settings";
${EQUAL}
export const web = settings.extend(shared, "web", { port: z.number(), key: secret({ fallback: "token" }) });
const config = await load(web);
export type Mode = Expect<Equal<typeof config.mode, "a" | "b">>;
export type Port = Expect<Equal<typeof config.port, number>>;
export const host: string = config.databaseUrl.host;
export const shop = new Project("shop", { groups: [shared, web], target: () => local() });
export const server = shop.group(shared).outputs.databaseUrl.host;
// @ts-expect-error it has no such setting
export const none = shop.group(shared).outputs.other;
// @ts-expect-error a wrong kind
settings.extend(shared, "worse", { url: postgresUrl({ fallback: "token" }) });
`;
