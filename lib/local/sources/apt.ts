import { chmod, readdir } from "node:fs/promises";
import path from "node:path";
import { makeFolders } from "../make-folders";
import type { ProgramRequest } from "../recipe";
import { run } from "./run";
import { SourceError } from "./source";

/** A package, and those it needs that this machine lacks. */
export interface Download {
  readonly packages: readonly string[];
  /** Upstream's version of the package: `7.0.15` of `5:7.0.15-1~deb12u10`. */
  readonly version: string;
}

export interface Apt {
  readonly resolve: (name: string) => Promise<Download>;
  /** Downloads and extracts; nothing is installed and no package script runs. */
  readonly extract: (download: Download, folder: string) => Promise<void>;
}

const FIVE_MINUTES = 5 * 60 * 1000;

/** Without translations, and without what software centres show: of some megabytes nothing would be used. */
const FEWER_LISTS = ["Acquire::Languages=none", "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false"];

/** Debian's images for containers turn it off, to be smaller: each command would read all lists anew. */
const READ_ONCE = ["Dir::Cache::pkgcache=pkgcache.bin"];

/** APT with lists of its own in `folder`, so that it needs no root, touches nothing of the machine's, and knows packages of today. */
export const aptIn = async (folder: string, { signal }: ProgramRequest): Promise<Apt> => {
  // Root's APT downloads as another user, who must be able to get here.
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
  // What lies there is extracted, and run, and the folder above is open to readers: nobody else may put anything there, whatever the umask.
  for (const made of [path.join(lists, "partial"), path.join(cache, "archives/partial"), downloads]) await makeFolders(made, 0o755);
  // One broken archive among many fails `update` and says nothing about the others: it counts only when the package is not found.
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
 * Reads what `apt-get install --print-uris` prints: `'http://...' redis-tools_5%3a7.0.15-1~deb12u10_amd64.deb 991988 SHA256:...`.
 * Throws a `SourceError` when the package is not among them.
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

/** `[epoch:]upstream[-revision]`, and the upstream part may say how Debian repacked it: `7.4.1+dfsg`. */
const upstreamVersion = (version: string): string =>
  version
    .replace(/^\d+:/, "")
    .replace(/-[^-]*$/, "")
    .replace(/[+~].*$/, "");
