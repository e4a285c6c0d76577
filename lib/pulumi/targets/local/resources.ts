import * as pulumi from "@pulumi/pulumi";
import { visibilityOf, type Generation } from "../../../generation";
import { version } from "../../../internal/version";
import type { Visibility } from "../../../kind";
import { outputsNamed } from "../../sdk-internals";

/** The environment on this machine that a resource belongs to. */
export interface LocalEnvironmentArgs {
  readonly project: string;
  /** Absolute folder of the app. */
  readonly root: string;
  readonly name: string;
}

/** A server as the plan describes it, with the options of `local()` for it. */
export interface LocalServerArgs {
  readonly name: string;
  readonly kind: string;
  /** Its id in the declaration. */
  readonly serverId: string;
  readonly version?: string;
  readonly formerly: string[];
  readonly program?: string;
  readonly port?: number;
}

const withVersion = (opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions => ({ ...opts, version: version() });

/** A server that runs on this machine. */
export class ServerResource extends pulumi.CustomResource {
  /** The environment's folder on this machine. */
  declare readonly folder: pulumi.Output<string>;
  declare readonly host: pulumi.Output<string>;
  declare readonly port: pulumi.Output<number>;

  constructor(
    name: string,
    args: LocalServerArgs & { readonly environment: LocalEnvironmentArgs; readonly forceDestroy: boolean },
    opts: pulumi.CustomResourceOptions,
  ) {
    const outputs = { folder: undefined, host: undefined, actualVersion: undefined, source: undefined, running: undefined };
    super("endow-local:index:Server", name, { port: undefined, ...args, ...outputs }, withVersion(opts));
  }
}

interface LeaseArgs {
  readonly environment: LocalEnvironmentArgs;
  readonly server: LocalServerArgs;
  readonly setting: string;
  readonly formerly: string[];
  readonly name: string;
  readonly options: pulumi.Inputs;
  readonly forceDestroy: boolean;
  /** Visibility of the kind's fields. */
  readonly fields: Visibilities;
}

/** One setting's share of a server. */
export class LeaseResource extends pulumi.CustomResource {
  /** The kind's fields. */
  readonly fields: Fields;

  constructor(name: string, { fields: kindFields, ...args }: LeaseArgs, opts: pulumi.CustomResourceOptions) {
    const { outputs, secret } = outputsFor(kindFields, ["folder", "login"]);
    super("endow-local:index:Lease", name, { ...args, ...outputs }, { ...withVersion(opts), additionalSecretOutputs: secret });
    this.fields = outputsNamed(this, Object.keys(kindFields));
  }
}

interface RemoteLeaseArgs extends Omit<LeaseArgs, "server"> {
  readonly server: pulumi.Inputs;
  readonly administrator: pulumi.Input<object>;
}

/** One setting's share of a server that endow does not manage. */
export class RemoteLeaseResource extends pulumi.CustomResource {
  /** The kind's fields. */
  readonly fields: Fields;

  constructor(name: string, { administrator, fields: kindFields, ...args }: RemoteLeaseArgs, opts: pulumi.CustomResourceOptions) {
    const { outputs, secret } = outputsFor(kindFields, ["folder", "login", "owner"]);
    super(
      "endow-local:index:RemoteLease",
      name,
      { ...args, administrator: pulumi.secret(administrator), ...outputs },
      { ...withVersion(opts), additionalSecretOutputs: secret },
    );
    this.fields = outputsNamed(this, Object.keys(kindFields));
  }
}

interface GeneratedArgs {
  readonly environment: LocalEnvironmentArgs;
  readonly setting: string;
  readonly formerly: string[];
  readonly generation: Generation;
  readonly forceDestroy: boolean;
}

/** A setting's generated value. */
export class GeneratedResource extends pulumi.CustomResource {
  readonly fields: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: GeneratedArgs, opts: pulumi.CustomResourceOptions) {
    const kindFields = visibilityOf(args.generation);
    const { outputs, secret } = outputsFor(kindFields, ["folder"]);
    super("endow-local:index:Generated", name, { ...args, ...outputs }, { ...withVersion(opts), additionalSecretOutputs: secret });
    this.fields = outputsNamed(this, Object.keys(kindFields)) as Readonly<Record<string, pulumi.Output<string>>>;
  }
}

type Visibilities = Readonly<Record<string, Visibility>>;
type Fields = Readonly<Record<string, pulumi.Output<unknown>>>;

/** Output declarations of a resource: the fields of its kind, and others. */
const outputsFor = (kindFields: Visibilities, others: readonly string[]) => {
  const names = Object.keys(kindFields);
  return {
    outputs: Object.fromEntries([...names, ...others].map((output) => [output, undefined])),
    secret: names.filter((field) => kindFields[field] === "secret"),
  };
};

interface ProcessArgs {
  readonly environment: LocalEnvironmentArgs;
  readonly name: string;
  readonly command: string[];
  readonly cwd: string;
  readonly port?: number;
  readonly health?: string;
  readonly variables: pulumi.Input<Record<string, string>>;
}

/** An app that runs on this machine. */
export class ProcessResource extends pulumi.CustomResource {
  declare readonly url: pulumi.Output<string | undefined>;

  constructor(name: string, { variables, ...args }: ProcessArgs, opts: pulumi.CustomResourceOptions) {
    const outputs = { url: undefined, log: undefined, folder: undefined, running: undefined };
    super("endow-local:index:Process", name, { ...args, variables: pulumi.secret(variables), ...outputs }, withVersion(opts));
  }
}
