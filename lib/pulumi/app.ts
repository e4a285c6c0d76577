import type { Input } from "@pulumi/pulumi";
import type { Group } from "../settings";

const APP = "endow.app";

/** Definition of a workload. */
export interface AppArgs<Port extends number | undefined = number | undefined> {
  /** Program and arguments, as an array: `["node", "server.js"]`. Other users can read them: no secrets. */
  readonly command: readonly string[];
  /** Groups that it reads. It gets the values of these groups only. */
  readonly reads: readonly Group[];
  /** Port that it listens on, passed to it as `PORT`. */
  readonly port?: Port;
  /** Path that answers with 2xx or 3xx once the app is ready: `/health`. Without one, the app is ready when its port accepts connections. */
  readonly health?: string;
  /** Builds the image that it runs from. Not called where it runs as a local process. */
  readonly image?: () => Input<string>;
  /**
   * Working folder where it runs as a local process, relative to the app's folder.
   * @default - the app's folder
   */
  readonly cwd?: string;
  /** Further environment variables. None may belong to a setting. */
  readonly env?: Readonly<Record<string, Input<string>>>;
}

/** A workload of a project, defined by `app()`. */
export interface App<Port extends number | undefined = number | undefined> extends AppArgs<Port> {
  readonly type: typeof APP;
  readonly port: Port;
}

/** Defines a workload. The environment's target decides how it runs: as a local process, a Fargate service, or a Kubernetes Deployment. */
export const app = <const Port extends number | undefined = undefined>(args: AppArgs<Port>): App<Port> => ({
  ...args,
  type: APP,
  port: args.port as Port,
});
