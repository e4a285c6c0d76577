import * as pulumi from "@pulumi/pulumi";
import { version } from "../../../version";
import type { Visibility } from "../../../kind";

/** The environment on this machine that a resource belongs to. */
export interface LocalEnvironment {
  readonly project: string;
  /** Absolute folder of the app. */
  readonly root: string;
  readonly name: pulumi.Input<string>;
}

/** Which server, in the words of the plan, and what was asked for it. */
export interface LocalServerArgs {
  readonly name: string;
  readonly kind: string;
  readonly version?: string;
  readonly formerly: string[];
  readonly program?: string;
  readonly port?: number;
}

const withVersion = (opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions => ({ ...opts, version: version() });

/** A server that runs on this machine. */
export class Server extends pulumi.CustomResource {
  /** The environment's folder on this machine. */
  declare readonly folder: pulumi.Output<string>;
  declare readonly host: pulumi.Output<string>;
  declare readonly port: pulumi.Output<number>;

  constructor(
    name: string,
    args: LocalServerArgs & { readonly environment: LocalEnvironment; readonly forceDestroy: boolean },
    opts: pulumi.CustomResourceOptions,
  ) {
    const outputs = { folder: undefined, host: undefined, actualVersion: undefined, source: undefined, running: undefined };
    super("endow-local:index:Server", name, { port: undefined, ...args, ...outputs }, withVersion(opts));
  }
}

interface LeaseArgs {
  readonly environment: LocalEnvironment;
  readonly server: LocalServerArgs;
  readonly setting: string;
  readonly formerly: string[];
  readonly name: string;
  readonly options: pulumi.Inputs;
  readonly forceDestroy: boolean;
}

/** What one setting has on a server. */
export class Lease extends pulumi.CustomResource {
  /** The kind's fields. */
  readonly fields: Readonly<Record<string, pulumi.Output<unknown>>>;

  constructor(name: string, args: LeaseArgs, fields: Readonly<Record<string, Visibility>>, opts: pulumi.CustomResourceOptions) {
    const names = Object.keys(fields);
    const secret = names.filter((field) => fields[field] === "secret");
    const outputs = Object.fromEntries([...names, "folder", "login"].map((output) => [output, undefined]));
    super("endow-local:index:Lease", name, { ...args, ...outputs }, { ...withVersion(opts), additionalSecretOutputs: secret });
    const made = this as unknown as Record<string, pulumi.Output<unknown>>;
    this.fields = Object.fromEntries(names.flatMap((field) => (made[field] ? [[field, made[field]]] : [])));
  }
}

interface ProcessArgs {
  readonly environment: LocalEnvironment;
  readonly name: string;
  readonly command: string[];
  readonly cwd: string;
  readonly port?: number;
  readonly health?: string;
  readonly variables: pulumi.Input<Record<string, string>>;
}

/** An app that runs on this machine. */
export class Process extends pulumi.CustomResource {
  declare readonly url: pulumi.Output<string | undefined>;

  constructor(name: string, { variables, ...args }: ProcessArgs, opts: pulumi.CustomResourceOptions) {
    const outputs = { url: undefined, log: undefined, folder: undefined, running: undefined };
    super("endow-local:index:Process", name, { ...args, variables: pulumi.secret(variables), ...outputs }, withVersion(opts));
  }
}
