import { z } from "zod";
import type { Tls } from "../../connection/tls";
import { provisionedKinds } from "../../kinds/provisioned";
import { groupName } from "../../names";

/** The environment of a stack on this machine. */
export const environment = z.strictObject({
  /** Names everything that is made. */
  project: z.string().min(1),
  /** Absolute folder of the app: two clones of a repository have servers of their own. */
  root: z.string().startsWith("/", "must be an absolute path"),
  /** `development` */
  name: z.string().min(1),
});

const A_PORT = "must be a whole number from 1 to 65535";
const port = z.int(A_PORT).min(1, A_PORT).max(65_535, A_PORT);

const A_TEXT = "must be a text that is not empty";
const text = z.string(A_TEXT).min(1, A_TEXT);

/** Other troubles of an object are its fields'. */
const anObject = { error: ({ code }: { readonly code?: string }) => (code === "invalid_type" ? "must be an object" : undefined) };

/** Which server, in the words of the plan. */
const planned = {
  name: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, "must be made of a-z, 0-9 and -"),
  kind: z.string().refine((kind) => provisionedKinds.find(kind) !== undefined, `must be one of ${provisionedKinds.names.join(", ")}`),
  /** Its id in the declaration. */
  serverId: z.string().optional(),
  version: z.string().optional(),
  /** Names that it had before. */
  formerly: z.array(z.string()).default([]),
  /** Program to use instead of one that is found. */
  program: z.string().optional(),
  /** Port to use instead of a free one. */
  port: port.optional(),
};

/** Whether removing the resource deletes its data as well. */
const forceDestroy = z.boolean().default(false);

const loginName = z.string().regex(/^[a-z][a-z0-9_]{0,53}$/, "must be 1 to 54 of a-z, 0-9 and _, and start with a letter");

export const serverInputs = z.strictObject({ environment, ...planned, forceDestroy });

export interface ServerOutputs {
  /** The environment's folder on this machine. */
  readonly folder: string;
  /** 127.0.0.1 */
  readonly host: string;
  readonly port: number;
  /** As the program itself prints it: `17.10`. */
  readonly actualVersion: string;
  /** Where the program came from: `system`, `npm`, `debian`, ... */
  readonly source: string;
  readonly running: boolean;
}

/** What is made for one setting, wherever it is made. */
const ofSetting = {
  /** The setting's id. */
  setting: z.string().min(1),
  /** Ids that the setting had before. */
  formerly: z.array(z.string()).default([]),
  /** Database, user or bucket to make, unless the setting has one already, also under a former id. */
  name: loginName,
  /** The kind's own options. */
  options: z.record(z.string(), z.unknown()),
  forceDestroy,
};

export const leaseInputs = z.strictObject({
  environment,
  /** The server that it is on: brought up if it does not run. */
  server: z.strictObject(planned),
  ...ofSetting,
});

/** With the fields of the kind beside it. */
export interface LeaseOutputs {
  readonly folder: string;
  /** Database, user or bucket. */
  readonly login: string;
  /** Port of the server when the lease was last looked at. */
  readonly serverPort: number;
  readonly [field: string]: unknown;
}

const withRoles = provisionedKinds.names.filter((kind) => provisionedKinds.get(kind).role !== undefined);

const MODES = ["off", "require", "verify-full"] as const satisfies readonly Tls["mode"][];

/** How a server that somebody else runs is reached, and as whom: what a program gives, and the provider gets. */
export const remoteServer = {
  host: z.string("must be a name or an address").regex(/^[^\s/@]+$/, "must be a name or an address"),
  port,
  tls: z.strictObject(
    {
      mode: z.enum(MODES, `must be one of ${MODES.join(", ")}`),
      /** PEM file of this machine with the authorities to trust. */
      ca: z.string("must be an absolute path").startsWith("/", "must be an absolute path").optional(),
    },
    anObject,
  ),
};

/** Need not be a superuser. */
export const administrator = z.strictObject(
  {
    username: text,
    password: text,
    /** Database to connect to, instead of the one that every server of the kind has. */
    database: text.optional(),
  },
  anObject,
);

export const remoteLeaseInputs = z.strictObject({
  environment,
  /** A server that somebody else runs. */
  server: z.strictObject({
    kind: z.string().refine((kind) => withRoles.includes(kind), `must be one of ${withRoles.join(", ")}`),
    ...remoteServer,
    tls: remoteServer.tls.default({ mode: "off" }),
  }),
  administrator,
  ...ofSetting,
});

/** With the fields of the kind beside it. */
export interface RemoteLeaseOutputs {
  /** The environment's folder on this machine. */
  readonly folder: string;
  /** Database and user. */
  readonly login: string;
  /** Of whose environment the server holds it to be. */
  readonly owner: string;
  readonly [field: string]: unknown;
}

export const valuesInputs = z.strictObject({
  environment,
  group: z.string().regex(groupName, "must be the name of a group"),
  /** Text of each variable. */
  values: z.record(z.string(), z.string()),
});

export interface ValuesOutputs {
  readonly folder: string;
  /** `file:///...`, for `ENDOW_<GROUP>`. */
  readonly address: string;
  /** Whether the file is there and holds what was written. */
  readonly written: boolean;
}

const processFields = z.strictObject({
  environment,
  name: z.string().regex(/^[a-z][a-z0-9-]{0,36}$/, "must be made of a-z, 0-9 and -, and start with a letter"),
  /** Program and parameters. Other users of the machine can read them: no secrets. */
  command: z.array(z.string()).min(1),
  /** Absolute folder that it runs in. */
  cwd: z.string().startsWith("/", "must be an absolute path"),
  /** Port on 127.0.0.1 that it listens on; it gets it as `PORT`. */
  port: port.optional(),
  /** Path that answers with 2xx or 3xx once it is ready: `/health`. Without one, the port has to accept a connection. */
  health: z.string().startsWith("/", "must start with /").optional(),
  /** Its environment variables, secrets among them, beside those of this machine (PATH, HOME and the like). */
  variables: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be a variable's name"), z.string()),
});

export const processInputs = processFields.refine(({ port, health }) => health === undefined || port !== undefined, {
  path: ["health"],
  message: "needs a port to be asked on",
});

export interface ProcessOutputs {
  readonly folder: string;
  /** `http://127.0.0.1:8000`; absent without a port. */
  readonly url?: string;
  /** File that holds what it prints. */
  readonly log: string;
  readonly running: boolean;
}

export type ServerInputs = z.output<typeof serverInputs>;
export type LeaseInputs = z.output<typeof leaseInputs>;
export type RemoteLeaseInputs = z.output<typeof remoteLeaseInputs>;
export type ValuesInputs = z.output<typeof valuesInputs>;
export type ProcessInputs = z.output<typeof processInputs>;
