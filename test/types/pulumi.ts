import { secret as pulumiSecret, type Output } from "@pulumi/pulumi";
import { apiKeys, bucket, postgresUrl, redisUrl, secret, settings, type Environment, type EnvironmentType } from "../../lib/index";
import { app, existing, local, Project, SettingsGroup, type LocalPlatform, type StackSummary, type Target } from "../../lib/pulumi/index";
import type { Tls } from "../../lib/connection/tls";
import { z } from "zod";
import type { Equal, Expect } from "./equal";

const shared = settings("shared", {
  databaseUrl: postgresUrl({ version: "17" }),
  cacheUrl: redisUrl({ requiredIn: ["production"] }),
  uploads: bucket(),
  token: secret().optional(),
  keys: apiKeys({ requiredIn: ["production"] }),
  port: z.number().default(8000),
});
const web = settings.extend(shared, "web", { replicaUrl: postgresUrl({ fallback: "databaseUrl" }) });

const shop = new Project("shop", {
  groups: [shared, web],
  target: (environment) => {
    type Given = Expect<Equal<typeof environment, Environment>>;
    const named: Given extends true ? Target<LocalPlatform> : never = local();
    return named;
  },
  apps: {
    web: app({ command: ["node", "server.js"], port: 8000, reads: [shared, web] }),
    worker: app({ command: ["node", "worker.js"], reads: [shared] }),
  },
});
const { outputs, env } = shop.group(web);

export type Apps = Expect<Equal<keyof typeof shop.apps, "web" | "worker">>;
export type UrlOfAPort = Expect<Equal<typeof shop.apps.web.url, Output<string>>>;
export type UrlWithoutPort = Expect<Equal<typeof shop.apps.worker.url, Output<string | undefined>>>;
export type Env = Expect<Equal<typeof env, Output<Record<string, string>>>>;
/** Outputs that describe the environment are plain values. */
export type Names = Expect<Equal<[typeof shop.environmentName, typeof shop.target, typeof shop.endow], [string, string, StackSummary]>>;
export type Type = Expect<Equal<typeof shop.environmentType, EnvironmentType>>;
export type Consumer = Expect<Equal<typeof shop.apps.web.consumer, { readonly process: string }>>;

/** Settings without a resource on any target, secrets and plain settings, have no outputs. */
export type WithOutputs = Expect<Equal<keyof typeof outputs, "databaseUrl" | "cacheUrl" | "uploads" | "replicaUrl">>;
export type Database = Expect<
  Equal<
    typeof outputs.databaseUrl,
    {
      readonly host: Output<string>;
      readonly port: Output<number>;
      readonly database: Output<string>;
      readonly username: Output<string>;
      readonly password: Output<string>;
      readonly tls: Output<Tls>;
    }
  >
>;
/** Resources that some environments lack may be absent. */
export type Cache = Expect<Equal<Extract<typeof outputs.cacheUrl, undefined>, undefined>>;
export type Replica = Expect<Equal<Extract<typeof outputs.replicaUrl, undefined>, undefined>>;
/** Fields that some targets lack are known once deployed. */
export type Endpoint = Expect<Equal<typeof outputs.uploads.endpoint, Output<string | undefined>>>;

export const alone = new SettingsGroup("shared", {
  group: shared,
  target: local(),
  existing: {
    databaseUrl: existing({
      host: "db",
      port: 5432,
      database: "shop",
      username: "app",
      password: pulumiSecret("p"),
      tls: { mode: "verify-full" },
    }),
  },
  options: { settings: { uploads: { ignoreChanges: ["options"] } }, servers: { protect: true } },
});

// @ts-expect-error a setting that is not provisionable has no existing resource
void new SettingsGroup("shared", { group: shared, target: local(), existing: { port: existing({ port: 1 }) } });
// @ts-expect-error the group has no such setting
void new SettingsGroup("shared", { group: shared, target: local(), options: { settings: { upload: {} } } });
// @ts-expect-error options are for settings or servers
void new SettingsGroup("shared", { group: shared, target: local(), options: { uploads: {} } });
// @ts-expect-error unknown Pulumi option
void new Project("shop", { groups: [shared], target: local(), options: { shared: { servers: { ignore: ["port"] } } } });
// @ts-expect-error unknown environment type
void new Project("shop", { groups: [shared], target: local(), environment: { name: "blue", type: "live" } });
// @ts-expect-error an app takes groups, not their names
void app({ command: ["node"], reads: ["shared"] });
// @ts-expect-error the target is missing
void new Project("shop", { groups: [shared] });
