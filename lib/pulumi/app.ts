import type { Input } from "@pulumi/pulumi";
import type { Group } from "../settings";

const APP = "endow.app";

/** What is said about a workload. */
export interface AppArgs<Port extends number | undefined = number | undefined> {
  /** Program and parameters, as a list: `["node", "server.js"]`. Others may read them: no secrets. */
  readonly command: readonly string[];
  /** Groups that it reads. It gets their values and no other. */
  readonly reads: readonly Group[];
  /** Port that it listens on, which it gets as `PORT`. */
  readonly port?: Port;
  /** Path that answers with 2xx or 3xx once it is ready: `/health`. Without one, its port has to accept connections. */
  readonly health?: string;
  /** Makes the image that it runs from. Not called where it runs as a process of this machine. */
  readonly image?: () => Input<string>;
  /**
   * Folder that it runs in where it is a process of this machine, relative to the app's folder.
   * @default - the app's folder
   */
  readonly cwd?: string;
  /** Environment variables of its own, which no setting occupies. */
  readonly env?: Readonly<Record<string, Input<string>>>;
}

/** A workload of a project; made by `app()`. */
export interface App<Port extends number | undefined = number | undefined> extends AppArgs<Port> {
  readonly type: typeof APP;
  readonly port: Port;
}

/** A workload: a process of this machine, a Fargate service, a Deployment, as the environment's target has it. */
export const app = <const Port extends number | undefined = undefined>(args: AppArgs<Port>): App<Port> => ({
  ...args,
  type: APP,
  port: args.port as Port,
});
