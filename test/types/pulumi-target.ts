import { CustomResource, output, secret as pulumiSecret, type Input, type Output, type Resource } from "@pulumi/pulumi";
import { bucket, postgresUrl, secret, settings } from "../../lib/index";
import {
  app,
  existing,
  local,
  onServer,
  Project,
  SettingsGroup,
  unsupported,
  type Access,
  type Cell,
  type Cells,
  type Delivery,
  type LocalPlatform,
  type LocalServerReference,
  type Make,
  type Platform,
  type Store,
  type Target,
  type Transform,
} from "../../lib/pulumi/index";
import type { Equal, Expect } from "./equal";

const shared = settings("shared", {
  databaseUrl: postgresUrl(),
  backupUrl: postgresUrl({ fallback: "databaseUrl" }),
  uploads: bucket(),
  token: secret().optional(),
});

// A custom target with its own types of consumers, permissions and servers.

interface Statement extends Access {
  readonly actions: readonly string[];
  readonly role?: Input<string>;
}
interface Cloud extends Platform {
  readonly Consumer: { readonly role: Input<string> };
  readonly Access: Statement;
  readonly Reference: { readonly arn: Input<string> };
}
declare const cloud: Target<Cloud>;
declare const vault: <P extends Platform>() => Store<P>;

const { cells, ...place } = local();
const { redis, ...others } = cells;
type Whole<N extends keyof Cells<LocalPlatform>> = NonNullable<Cells<LocalPlatform>[N]>;

/** Unsupported kinds are omitted, or have a cell with the reason, for any kind and platform. */
const nothing = unsupported("there is nothing here", "take another target");
export const empty: Cells<Cloud> = { bucket: nothing, postgres: nothing, redis: nothing };
export const lacking: Target<LocalPlatform> = { ...place, cells: { ...others, redis: nothing } };
export const without: Target<LocalPlatform> = { ...place, cells: others };
export const none: Cells<Cloud> = {};
export type OfRedis = Expect<Equal<typeof redis, Whole<"redis"> | undefined>>;
// @ts-expect-error unknown kind
export const unknown: Cells<Cloud> = { mysql: nothing };
// @ts-expect-error a cell belongs to its kind
export const mixed: Target<LocalPlatform> = { ...place, cells: { ...others, redis: cells.bucket } };
export const kept: Target<LocalPlatform> = { ...place, cells, store: vault() };

declare const ungranted: Omit<Target<Cloud>, "grant">;
// @ts-expect-error a target must have `grant`
export const closed: Target<Cloud> = ungranted;
// @ts-expect-error `grant` must return resources
export const silent: Target<Cloud> = { ...cloud, grant: () => undefined };
export const opened: Target<Cloud> = { ...cloud, grant: ({ run }) => run.flatMap(({ actions }) => (actions.length > 0 ? [] : [])) };

const reached = { fields: {}, credential: { by: "identity" }, ready: [] } as const;
export const statement: Cell<unknown, object, object, Cloud> = {
  lease: () => ({ ...reached, access: ({ role }) => [{ key: "db", for: "run", actions: ["connect"], role }] }),
};
export const vague: Cell<unknown, object, object, Cloud> = {
  // @ts-expect-error a permission must have the platform's type
  lease: () => ({ ...reached, access: () => [{ key: "db", for: "run" }] }),
};
export const writtenByNobody: Cell<unknown, object, object, Cloud> = {
  // @ts-expect-error a broker's credential needs a version
  lease: () => ({ ...reached, credential: { by: "broker" }, access: () => [] }),
};

// The maker creates all resources, and sets their names, parents and guards.

class Bucket extends CustomResource {
  constructor(name: string, args: { readonly versioned: boolean }, opts: object) {
    super("cloud:index:Bucket", name, args, opts);
  }
}
declare const make: Make;
declare const other: Resource;
export const made: Bucket = make(
  Bucket,
  { versioned: true },
  { child: "logs", stateful: true, dependsOn: [other], ignoreChanges: ["versioned"] },
);
// @ts-expect-error the arguments must be the resource's
void make(Bucket, { versioned: "yes" });
// @ts-expect-error a target must not set the parent
void make(Bucket, { versioned: true }, { parent: other });
// @ts-expect-error nor former names
void make(Bucket, { versioned: true }, { aliases: ["former"] });
// @ts-expect-error nor the protection of data
void make(Bucket, { versioned: true }, { protect: false });

export const transform: Transform = ({ part, child, of }, args, opts) =>
  part === "bucket" && child === "main" ? { args: { ...args, tags: { of } }, opts } : undefined;
// @ts-expect-error a transform must also return the options
export const half: Transform = (_, args) => ({ args });
export const transformed = local({ transform });

// Existing resources, by their fields.

const url = { host: "db", port: 5432, database: "d", username: "u", password: "p", tls: { mode: "off" } } as const;
const { host: _host, ...hostless } = url;
export const { outputs } = new SettingsGroup("shared", { group: shared, target: local(), existing: { backupUrl: existing(url) } });
export type Backup = Expect<Equal<typeof outputs.backupUrl, typeof outputs.databaseUrl | undefined>>;
export type Uploads = Expect<Equal<typeof outputs.uploads.accessKeyId, Output<string | undefined>>>;
// @ts-expect-error a secret has no outputs
export const tokenOutputs = outputs.token;
// @ts-expect-error a field is missing
void new SettingsGroup("shared", { group: shared, target: local(), existing: { databaseUrl: existing(hostless) } });
// @ts-expect-error a field has another type
void new SettingsGroup("shared", { group: shared, target: local(), existing: { databaseUrl: existing({ ...url, port: "5432" }) } });
// @ts-expect-error fields must be wrapped in existing()
void new SettingsGroup("shared", { group: shared, target: local(), existing: { databaseUrl: url } });
// @ts-expect-error unknown setting
void new SettingsGroup("shared", { group: shared, target: local(), existing: { database: existing(url) } });
// @ts-expect-error a secret has no resource
void new SettingsGroup("shared", { group: shared, target: local(), existing: { token: existing(url) } });

// An existing server, as the target's platform references it.

const login = { username: "postgres", password: pulumiSecret("p") };
const reference: LocalServerReference = { host: "db", administrator: login };
/** A value, or an output of another resource. */
export const onThis = new SettingsGroup("shared", {
  group: shared,
  target: local(),
  existing: {
    databaseUrl: onServer({ host: outputs.databaseUrl.host, administrator: login }),
    backupUrl: onServer({ host: "db", port: 5433, administrator: output(login), tls: { mode: "verify-full", ca: "/ca.pem" } }),
  },
});
export const onCloud = new SettingsGroup("shared", {
  group: shared,
  target: cloud,
  existing: { databaseUrl: onServer({ arn: output("arn:db") }) },
});
// @ts-expect-error another platform has another reference type
void new SettingsGroup("shared", { group: shared, target: cloud, existing: { databaseUrl: onServer(reference) } });
// @ts-expect-error the local target has no ARNs
void new SettingsGroup("shared", { group: shared, target: local(), existing: { databaseUrl: onServer({ arn: "arn:db" }) } });
// @ts-expect-error the administrator is missing
void new SettingsGroup("shared", { group: shared, target: local(), existing: { databaseUrl: onServer({ host: "db" }) } });
const prefers = onServer({ ...reference, tls: { mode: "prefer" } });
// @ts-expect-error unknown mode
void new SettingsGroup("shared", { group: shared, target: local(), existing: { databaseUrl: prefers } });
void new Project("shop", { groups: [shared], target: local(), existing: { "shared.databaseUrl": onServer(reference) } });
// @ts-expect-error another platform has another reference type
void new Project("shop", { groups: [shared], target: cloud, existing: { "shared.databaseUrl": onServer(reference) } });

// Consumers have the platform's type.

const group = new SettingsGroup("shared", { group: shared, target: cloud });
const shop = new Project("shop", { groups: [shared], target: cloud, apps: { web: app({ command: ["node"], reads: [shared] }) } });
export type OfCloud = Expect<Equal<typeof group.delivery, Delivery<Cloud>>>;
export type Web = Expect<Equal<typeof shop.apps.web.consumer, Cloud["Consumer"]>>;
export const granted: readonly Resource[] = [
  ...group.grant("job", { role: output("jobs") }),
  ...shop.grant("job", { role: "jobs" }, [shared]),
  ...group.grant("web", shop.apps.web.consumer),
];
// @ts-expect-error a consumer is a role there, not a process
void group.grant("job", { process: "jobs" });
// @ts-expect-error a consumer is a role there, not a process
void shop.grant("job", { process: "jobs" }, [shared]);
// @ts-expect-error takes groups, not their names
void shop.grant("job", { role: "jobs" }, ["shared"]);
// @ts-expect-error a standalone group cannot grant others
void group.grant("job", { role: "jobs" }, [shared]);

/** A program with a target for each environment: its server references and consumers may be of either target. */
const either = new SettingsGroup("shared", {
  group: shared,
  target: ({ type }) => (type === "development" ? local() : cloud),
  existing: { databaseUrl: onServer({ arn: "arn:db" }), backupUrl: onServer(reference) },
});
export type Either = Expect<Equal<Parameters<typeof either.grant>[1], LocalPlatform["Consumer"] | Cloud["Consumer"]>>;
void new Project("shop", { groups: [shared], target: ({ type }) => (type === "development" ? local() : cloud) }).grant(
  "job",
  { role: "jobs" },
  [shared],
);
// @ts-expect-error a function must return a target for every environment
void new Project("shop", { groups: [shared], target: ({ type }) => (type === "development" ? local() : undefined) });
