import { chmod, readdir } from "node:fs/promises";
import path from "node:path";
import { makeFolders } from "../../files/make-folders";
import type { ProgramRequest } from "../recipe";
import { run } from "./run";
import { SourceError } from "./source";

/** A package and its dependencies that are missing on this machine. */
export interface Download {
  readonly packages: readonly string[];
  /** Upstream version of the package: `7.0.15` of `5:7.0.15-1~deb12u10`. */
  readonly version: string;
}

export interface Apt {
  readonly resolve: (name: string) => Promise<Download>;
  /** Downloads and extracts the packages. Installs nothing and runs no package scripts. */
  readonly extract: (download: Download, folder: string) => Promise<void>;
}

const FIVE_MINUTES = 5 * 60 * 1000;

/** Skips translations and the metadata of software centres: several megabytes that are not needed. */
const FEWER_LISTS = ["Acquire::Languages=none", "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false"];

/** Debian's container images disable this cache to save space; each command would then parse all lists again. */
const READ_ONCE = ["Dir::Cache::pkgcache=pkgcache.bin"];

/** APT with its own lists in `folder`: needs no root, changes nothing on the machine, and knows the current packages. */
export const aptIn = async (folder: string, { signal }: ProgramRequest): Promise<Apt> => {
  // As root, APT downloads as another user, who must be able to enter this folder.
  await chmod(folder, 0o755);
  const [lists, cache, downloads] = ["lists", "cache", "downloads"].map((name) => path.join(folder, name)) as [string, string, string];
  const options = [`Dir::State::lists=${lists}`, `Dir::Cache=${cache}`, "Debug::NoLocking=true", ...FEWER_LISTS, ...READ_ONCE];
  const aptGet = (...args: string[]) =>
    run("apt-get", ["-q", ...options.flatMap((option) => ["-o", option]), ...args], {
      signal,
      timeout: FIVE_MINUTES,
      folder: downloads,
      environment: { LC_ALL: "C" },
    });
  // The files here are extracted and run, so whatever the umask, no other user may write here.
  for (const made of [path.join(lists, "partial"), path.join(cache, "archives/partial"), downloads]) await makeFolders(made, 0o755);
  // One broken archive makes `update` fail although the others may work: report the failure only if the package is not found.
  const failure = await aptGet("update").then(
    () => undefined,
    (error: Error) => error,
  );
  signal.throwIfAborted();
  return {
    resolve: async (name) => {
      const printed = await aptGet("install", "--print-uris", "--reinstall", "--no-install-recommends", name).catch((error: Error) => {
        throw failure ?? error;
      });
      return downloadIn(printed, name);
    },
    extract: async ({ packages }, target) => {
      await aptGet("download", ...packages);
      for (const file of await readdir(downloads))
        await run("dpkg-deb", ["-x", path.join(downloads, file), target], { signal, timeout: FIVE_MINUTES });
    },
  };
};

/**
 * Parses the output of `apt-get install --print-uris`: `'http://...' redis-tools_5%3a7.0.15-1~deb12u10_amd64.deb 991988 SHA256:...`.
 * Throws a `SourceError` if the package is not listed.
 */
export const downloadIn = (printed: string, name: string): Download => {
  const files = [...printed.matchAll(/^'[^']+' ([^_ ]+)_([^_ ]+)_[^_ ]+\.deb /gm)].map(([, file = "", version = ""]) => ({
    file,
    version,
  }));
  const wanted = files.find(({ file }) => file === name);
  if (wanted === undefined) throw new SourceError(`APT offers no file for ${name}`);
  return { packages: files.map(({ file }) => file), version: upstreamVersion(decodeURIComponent(wanted.version)) };
};

/** `[epoch:]upstream[-revision]`; the upstream part may have a repacking suffix: `7.4.1+dfsg`. */
const upstreamVersion = (version: string): string =>
  version
    .replace(/^\d+:/, "")
    .replace(/-[^-]*$/, "")
    .replace(/[+~].*$/, "");
