import { output, secret as pulumiSecret, type Output } from "@pulumi/pulumi";
import { bucket, postgresUrl, secret, settings } from "../../lib/index";
import { existing, onServer, local, SettingsGroup, unsupported, type Cells, type Target } from "../../lib/pulumi/index";
import type { Equal, Expect } from "./equal";

const shared = settings("shared", {
  databaseUrl: postgresUrl(),
  backupUrl: postgresUrl({ fallback: "databaseUrl" }),
  uploads: bucket(),
  token: secret().optional(),
});
const { cells, ...place } = local();
const { redis, ...others } = cells;

/** What a target does not offer is a cell that says so, whatever the kind. */
const nothing = unsupported("there is nothing here", "take another target");
export const empty: Cells = { bucket: nothing, postgres: nothing, redis: nothing };
export const lacking: Target = { ...place, cells: { ...others, redis: nothing } };
// @ts-expect-error a kind left out is a mistake
export const without: Target = { ...place, cells: others };
// @ts-expect-error a cell belongs to its kind
export const mixed: Target = { ...place, cells: { ...others, redis: cells.bucket } };
export type Whole = Expect<Equal<typeof redis, Cells["redis"]>>;

const url = { host: "db", port: 5432, database: "d", username: "u", password: "p", tls: { mode: "off" } } as const;
const { host: _host, ...hostless } = url;
export const { outputs } = new SettingsGroup("shared", { group: shared, target: local(), resources: { backupUrl: existing(url) } });
export type Backup = Expect<Equal<typeof outputs.backupUrl, typeof outputs.databaseUrl | undefined>>;
export type Uploads = Expect<Equal<typeof outputs.uploads.accessKeyId, Output<string | undefined>>>;
// @ts-expect-error a secret has no outputs
export const none = outputs.token;

const login = { username: "postgres", password: pulumiSecret("p") };
/** A value, or an output of another resource. */
export const made = new SettingsGroup("shared", {
  group: shared,
  target: local(),
  resources: {
    databaseUrl: onServer({ host: outputs.databaseUrl.host, administrator: login }),
    backupUrl: onServer({ host: "db", port: 5433, administrator: output(login), tls: { mode: "verify-full", ca: "/ca.pem" } }),
  },
});
const elsewhere = onServer({ host: "s3", administrator: login });
// @ts-expect-error only kinds whose logins are made by statements can be made on a server that exists
void new SettingsGroup("shared", { group: shared, target: local(), resources: { uploads: elsewhere } });
// @ts-expect-error an administrator is needed
void onServer({ host: "db" });
// @ts-expect-error a mode is one of three
void onServer({ host: "db", administrator: login, tls: { mode: "prefer" } });
// @ts-expect-error a server has no such field
void onServer({ host: "db", administrator: login, database: "orders" });

// @ts-expect-error a field is missing
void new SettingsGroup("shared", { group: shared, target: local(), resources: { databaseUrl: existing(hostless) } });
// @ts-expect-error a field has another type
void new SettingsGroup("shared", { group: shared, target: local(), resources: { databaseUrl: existing({ ...url, port: "5432" }) } });
// @ts-expect-error fields are given by existing()
void new SettingsGroup("shared", { group: shared, target: local(), resources: { databaseUrl: url } });
// @ts-expect-error no setting is called so
void new SettingsGroup("shared", { group: shared, target: local(), resources: { database: existing(url) } });
// @ts-expect-error a secret has no resource
void new SettingsGroup("shared", { group: shared, target: local(), resources: { token: existing(url) } });
