import { z } from "zod/v4";
import type { Tls } from "../../connection/tls";
import { generationSchema } from "../../generation";
import { provisionedKinds } from "../../kinds/provisioned";
import { groupName } from "../../names";

/** A stack's environment on this machine. */
export const environment = z.strictObject({
  /** Prefix of all names. */
  project: z.string().min(1),
  /** Absolute path of the app's folder: two clones of a repository have separate servers. */
  root: z.string().startsWith("/", "must be an absolute path"),
  /** `development` */
  name: z.string().min(1),
});

const A_PORT = "must be an integer from 1 to 65535";
const port = z.int(A_PORT).min(1, A_PORT).max(65_535, A_PORT);

const A_TEXT = "must be a non-empty string";
const text = z.string(A_TEXT).min(1, A_TEXT);

/** Other issues are reported for the object's fields. */
const anObject = { error: ({ code }: { readonly code?: string }) => (code === "invalid_type" ? "must be an object" : undefined) };

/** A server, as the plan describes it. */
const planned = {
  name: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, "must be up to 41 characters of a-z, 0-9 and -, starting with a letter"),
  kind: z.string().refine((kind) => provisionedKinds.find(kind) !== undefined, `must be one of ${provisionedKinds.names.join(", ")}`),
  /** Its id in the declaration. */
  serverId: z.string().optional(),
  version: z.string().optional(),
  /** Former names. */
  formerly: z.array(z.string()).default([]),
  /** Program to use instead of searching for one. */
  program: z.string().optional(),
  /** Port to use instead of a free one. */
  port: port.optional(),
};

/** Whether removing the resource also deletes its data. */
const forceDestroy = z.boolean().default(false);

const loginName = z.string().regex(/^[a-z][a-z0-9_]{0,53}$/, "must be 1 to 54 characters of a-z, 0-9 and _, starting with a letter");

export const serverInputs = z.strictObject({ environment, ...planned, forceDestroy });

export interface ServerOutputs {
  /** The environment's folder on this machine. */
  readonly folder: string;
  /** 127.0.0.1 */
  readonly host: string;
  readonly port: number;
  /** As the program prints it: `17.10`. */
  readonly actualVersion: string;
  /** Where the program came from: `system`, `npm`, `debian`, ... */
  readonly source: string;
  readonly running: boolean;
}

/** Common inputs of a setting's resource on any server. */
const ofSetting = {
  /** The setting's id. */
  setting: z.string().min(1),
  /** Former ids of the setting. */
  formerly: z.array(z.string()).default([]),
  /** Database, user or bucket to create, unless the setting already has one, possibly under a former id. */
  name: loginName,
  /** The kind's own options. */
  options: z.record(z.string(), z.unknown()),
  forceDestroy,
};

export const leaseInputs = z.strictObject({
  environment,
  /** The server to use: started if it is not running. */
  server: z.strictObject(planned),
  ...ofSetting,
});

/** Includes the kind's fields. */
export interface LeaseOutputs {
  readonly folder: string;
  /** Database, user or bucket. */
  readonly login: string;
  /** Port of the server when the lease was last created or updated. */
  readonly serverPort: number;
  readonly [field: string]: unknown;
}

const withRoles = provisionedKinds.names.filter((kind) => provisionedKinds.get(kind).role !== undefined);

const MODES = ["off", "require", "verify-full"] as const satisfies readonly Tls["mode"][];

/** Connection to a server that endow does not manage, as both programs and the provider use it. */
export const remoteServer = {
  host: z.string("must be a host name or an IP address").regex(/^[^\s/@]+$/, "must be a host name or an IP address"),
  port,
  tls: z.strictObject(
    {
      mode: z.enum(MODES, `must be one of ${MODES.join(", ")}`),
      /** PEM file on this machine with the trusted certificate authorities. */
      ca: z.string("must be an absolute path").startsWith("/", "must be an absolute path").optional(),
    },
    anObject,
  ),
};

/** An administrator, who need not be a superuser. */
export const administrator = z.strictObject(
  {
    username: text,
    password: text,
    /** Database to connect to, instead of the kind's default one. */
    database: text.optional(),
  },
  anObject,
);

export const remoteLeaseInputs = z.strictObject({
  environment,
  /** A server that endow does not manage. */
  server: z.strictObject({
    kind: z.string().refine((kind) => withRoles.includes(kind), `must be one of ${withRoles.join(", ")}`),
    ...remoteServer,
    tls: remoteServer.tls.default({ mode: "off" }),
  }),
  administrator,
  ...ofSetting,
});

/** Includes the kind's fields. */
export interface RemoteLeaseOutputs {
  /** The environment's folder on this machine. */
  readonly folder: string;
  /** Database and user. */
  readonly login: string;
  /** Owner of the environment, as marked on the server. */
  readonly owner: string;
  readonly [field: string]: unknown;
}

export const generatedInputs = z.strictObject({
  environment,
  /** The setting's id, under which the value is kept. */
  setting: z.string().min(1),
  /** Former ids of the setting. */
  formerly: z.array(z.string()).default([]),
  /** How to make a new value; an existing one is kept. */
  generation: generationSchema(),
  forceDestroy,
});

/** Includes the value's fields. */
export interface GeneratedOutputs {
  readonly folder: string;
  readonly [field: string]: string;
}

export const valuesInputs = z.strictObject({
  environment,
  group: z.string().regex(groupName, "must be a group name"),
  /** Text of each variable. */
  values: z.record(z.string(), z.string()),
});

export interface ValuesOutputs {
  readonly folder: string;
  /** `file:///...`, for `ENDOW_<GROUP>`. */
  readonly address: string;
  /** Whether the file exists and contains the values. */
  readonly written: boolean;
}

const processFields = z.strictObject({
  environment,
  name: z.string().regex(/^[a-z][a-z0-9-]{0,36}$/, "must be up to 37 characters of a-z, 0-9 and -, starting with a letter"),
  /** Program and arguments. Other users of the machine can read them: no secrets. */
  command: z.array(z.string()).min(1),
  /** Absolute path of the working folder. */
  cwd: z.string().startsWith("/", "must be an absolute path"),
  /** Port on 127.0.0.1 that it listens on, passed to it as `PORT`. */
  port: port.optional(),
  /** Path that answers with 2xx or 3xx once the app is ready: `/health`. Without one, the app is ready when its port accepts connections. */
  health: z.string().startsWith("/", "must start with /").optional(),
  /** Environment variables, including secrets, in addition to those of this machine (PATH, HOME and the like). */
  variables: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be a valid variable name"), z.string()),
});

export const processInputs = processFields.refine(({ port, health }) => health === undefined || port !== undefined, {
  path: ["health"],
  message: "requires a port",
});

export interface ProcessOutputs {
  readonly folder: string;
  /** `http://127.0.0.1:8000`; absent without a port. */
  readonly url?: string;
  /** File with its output. */
  readonly log: string;
  readonly running: boolean;
}

export type ServerInputs = z.output<typeof serverInputs>;
export type LeaseInputs = z.output<typeof leaseInputs>;
export type RemoteLeaseInputs = z.output<typeof remoteLeaseInputs>;
export type GeneratedInputs = z.output<typeof generatedInputs>;
export type ValuesInputs = z.output<typeof valuesInputs>;
export type ProcessInputs = z.output<typeof processInputs>;
