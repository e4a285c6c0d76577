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
import { apiKeys, bucket, fake, load, plan, postgresUrl, redisUrl, secret, setting, settings } from "endow";
import { z } from "zod";

export const plain = setting(z.string(), { env: "SITE" });
export const conditional = setting(z.number().optional(), { requiredIn: ["production"], public: true });
export const token = secret({ fallback: "other" }).optional();
export const account = secret(z.object({ id: z.string() }));
export const databaseUrl = postgresUrl({ requiredIn: ["production", "test"] });
export const builders = [postgresUrl, redisUrl, bucket, apiKeys];
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
