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

// A target of its own: its words for consumers, permissions and servers.

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

/** What a target does not offer is left out, or a cell that says why, whatever the kind and the platform. */
const nothing = unsupported("there is nothing here", "take another target");
export const empty: Cells<Cloud> = { bucket: nothing, postgres: nothing, redis: nothing };
export const lacking: Target<LocalPlatform> = { ...place, cells: { ...others, redis: nothing } };
export const without: Target<LocalPlatform> = { ...place, cells: others };
export const none: Cells<Cloud> = {};
export type OfRedis = Expect<Equal<typeof redis, Whole<"redis"> | undefined>>;
// @ts-expect-error there is no kind of that name
export const unknown: Cells<Cloud> = { mysql: nothing };
// @ts-expect-error a cell belongs to its kind
export const mixed: Target<LocalPlatform> = { ...place, cells: { ...others, redis: cells.bucket } };
export const kept: Target<LocalPlatform> = { ...place, cells, store: vault() };

declare const ungranted: Omit<Target<Cloud>, "grant">;
// @ts-expect-error a target says how a consumer is let in
export const closed: Target<Cloud> = ungranted;
// @ts-expect-error what a target grants is a list of resources
export const silent: Target<Cloud> = { ...cloud, grant: () => undefined };
export const opened: Target<Cloud> = { ...cloud, grant: ({ run }) => run.flatMap(({ actions }) => (actions.length > 0 ? [] : [])) };

const reached = { fields: {}, credential: { by: "identity" }, ready: [] } as const;
export const statement: Cell<unknown, object, object, Cloud> = {
  lease: () => ({ ...reached, access: ({ role }) => [{ key: "db", for: "run", actions: ["connect"], role }] }),
};
export const vague: Cell<unknown, object, object, Cloud> = {
  // @ts-expect-error a permission is in the platform's own words
  lease: () => ({ ...reached, access: () => [{ key: "db", for: "run" }] }),
};
export const writtenByNobody: Cell<unknown, object, object, Cloud> = {
  // @ts-expect-error a broker says which version it has written
  lease: () => ({ ...reached, credential: { by: "broker" }, access: () => [] }),
};

// Whatever is made comes from the maker, which gives it its name, its parent and the guard.

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
// @ts-expect-error the arguments are those of the resource
void make(Bucket, { versioned: "yes" });
// @ts-expect-error the parent is no business of a target
void make(Bucket, { versioned: true }, { parent: other });
// @ts-expect-error nor are former names
void make(Bucket, { versioned: true }, { aliases: ["former"] });
// @ts-expect-error nor is the protection of data
void make(Bucket, { versioned: true }, { protect: false });

export const transform: Transform = ({ part, child, of }, args, opts) =>
  part === "bucket" && child === "main" ? { args: { ...args, tags: { of } }, opts } : undefined;
// @ts-expect-error a transform gives the options back as well
export const half: Transform = (_, args) => ({ args });
export const transformed = local({ transform });

// What is there already, by its fields.

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
// @ts-expect-error fields are given by existing()
void new SettingsGroup("shared", { group: shared, target: local(), existing: { databaseUrl: url } });
// @ts-expect-error no setting is called so
void new SettingsGroup("shared", { group: shared, target: local(), existing: { database: existing(url) } });
// @ts-expect-error a secret has no resource
void new SettingsGroup("shared", { group: shared, target: local(), existing: { token: existing(url) } });

// A server that is there already, as the target's platform names it.

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
// @ts-expect-error another platform names its servers in another way
void new SettingsGroup("shared", { group: shared, target: cloud, existing: { databaseUrl: onServer(reference) } });
// @ts-expect-error this machine knows no ARN
void new SettingsGroup("shared", { group: shared, target: local(), existing: { databaseUrl: onServer({ arn: "arn:db" }) } });
// @ts-expect-error an administrator is needed
void new SettingsGroup("shared", { group: shared, target: local(), existing: { databaseUrl: onServer({ host: "db" }) } });
const prefers = onServer({ ...reference, tls: { mode: "prefer" } });
// @ts-expect-error a mode is one of three
void new SettingsGroup("shared", { group: shared, target: local(), existing: { databaseUrl: prefers } });
void new Project("shop", { groups: [shared], target: local(), existing: { "shared.databaseUrl": onServer(reference) } });
// @ts-expect-error another platform names its servers in another way
void new Project("shop", { groups: [shared], target: cloud, existing: { "shared.databaseUrl": onServer(reference) } });

// Consumers are the platform's own.

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
// @ts-expect-error groups are given, not their names
void shop.grant("job", { role: "jobs" }, ["shared"]);
// @ts-expect-error a group by itself grants no other
void group.grant("job", { role: "jobs" }, [shared]);

/** A program with a target for each environment: what it says of servers and consumers may be either's. */
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
// @ts-expect-error a function gives a target for every environment
void new Project("shop", { groups: [shared], target: ({ type }) => (type === "development" ? local() : undefined) });
