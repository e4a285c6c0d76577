import { readFile } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "../../errors";
import { addToCache, type CacheEntry, type CacheKey, findInCache, inTemporaryFolder } from "../cache";
import type { Program } from "../recipe";
import { aptIn } from "./apt";
import type { Source, Unavailable } from "./source";
import { otherVersion } from "./version";

export interface DebianPackage {
  readonly package: string;
  /** Relative to the root that the package is extracted into: `usr/bin/redis-server`. */
  readonly executable: string;
  /** Replaces its install script or a companion package. Runs once, before the folder is used. */
  readonly prepare?: (folder: string) => Promise<void>;
}

const TRIPLETS: Partial<Record<string, string>> = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" };
const triplet = TRIPLETS[process.arch];

/**
 * A package of this machine's Debian or Ubuntu release, extracted into the cache with any missing libraries. Installs nothing and needs no root.
 * APT verifies the archive's signature, and thereby every package, as it does for an installation.
 * A downloaded package is never updated: to get a security update, delete the cache entry.
 */
export const debianPackage = (wanted: DebianPackage): Source => ({
  name: `Debian package ${wanted.package}`,
  find: async (request) => {
    const key = await keyFor(wanted);
    if (key === undefined) return NOT_HERE;
    const entry = await findInCache(key);
    return entry && (otherVersion(entry.programVersion, request.version) ?? programIn(entry, wanted));
  },
  fetch: async (request) => {
    const key = await keyFor(wanted);
    if (key === undefined) return NOT_HERE;
    request.progress(`looking up ${wanted.package} in this machine's Debian archive ...`);
    return inTemporaryFolder(key, async (workspace) => {
      const apt = await aptIn(workspace, request);
      const download = await apt.resolve(wanted.package);
      const mismatch = otherVersion(download.version, request.version);
      if (mismatch !== undefined) return mismatch;
      request.progress(`fetching ${wanted.package} ${download.version} from Debian ...`);
      const entry = await addToCache(key, async (folder) => {
        await apt.extract(download, folder);
        await wanted.prepare?.(folder);
        return download.version;
      });
      return programIn(entry, wanted);
    });
  },
});

const NOT_HERE: Unavailable = { reason: "this is not Debian or Ubuntu for 64-bit Intel or ARM" };

const keyFor = async (wanted: DebianPackage): Promise<CacheKey | undefined> => {
  const release = await releaseName();
  if (release === undefined || triplet === undefined) return undefined;
  return { source: "debian", name: wanted.package, version: `${release}-${process.arch}`, executable: wanted.executable };
};

const programIn = ({ folder, programVersion }: CacheEntry, wanted: DebianPackage): Program => ({
  path: path.join(folder, wanted.executable),
  version: programVersion,
  source: "debian",
  environment: { LD_LIBRARY_PATH: ["usr/lib", "lib"].map((parent) => path.join(folder, parent, triplet ?? "")).join(":") },
});

/** `bookworm`, `noble`; `undefined` on other systems. */
const releaseName = async (): Promise<string | undefined> => {
  try {
    const text = await readFile("/etc/os-release", "utf8");
    return /^ID(?:_LIKE)?=.*\bdebian\b/m.test(text) ? /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] : undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
};
