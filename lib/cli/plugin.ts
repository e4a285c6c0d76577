import { chmod, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { codeOf, fault } from "../errors";
import { assertTrustedPlugin, type Plugin } from "../internal/plugin";
import { makeWithMode } from "../files/make-folders";

/**
 * Installs the provider, and the supervisor that it starts, where Pulumi finds them. Leaves an identical installation alone.
 *
 * @param dist folder of the built programs
 * @throws EndowError `PLUGIN_NOT_BUILT`, `PLUGIN_NOT_INSTALLED`, `NOT_TRUSTED` if another user can change the installation
 */
export const install = async ({ version, folder }: Plugin, dist: string): Promise<"installed" | "unchanged"> => {
  const files = await filesOf(dist, version);
  const aside = `${folder}.tmp${process.pid}`;
  assertTrustedPlugin(folder);
  try {
    if (await holds(folder, files)) return "unchanged";
    await makeWithMode(aside, 0o755);
    assertTrustedPlugin(aside);
    for (const file of files) await write(path.join(aside, file.name), file);
    await replace(folder, aside);
    await forget(folder);
    return "installed";
  } catch (error) {
    throw codeOf(error) === "NOT_TRUSTED" ? error : failed("PLUGIN_NOT_INSTALLED", "installed", folder, error);
  } finally {
    // Pulumi ignores a folder of this name.
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
  }
};

/**
 * Uninstalls this version of the provider; other versions stay.
 *
 * @throws EndowError `PLUGIN_NOT_REMOVED`
 */
export const uninstall = async ({ folder }: Plugin): Promise<"removed" | "absent"> => {
  try {
    await rm(folder, { recursive: true });
    await forget(folder);
    return "removed";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "absent";
    throw failed("PLUGIN_NOT_REMOVED", "removed", folder, error);
  }
};

interface File {
  readonly name: string;
  readonly content: string;
  readonly executable?: boolean;
}

/** Pulumi starts the first; the others keep their relative places. The `package.json` overrides the user's own, which may set another module type. */
const filesOf = async (dist: string, version: string): Promise<readonly File[]> => [
  { name: "pulumi-resource-endow-local", content: '#!/usr/bin/env node\nrequire("./provider/main.js");\n', executable: true },
  { name: "package.json", content: `${JSON.stringify({ name: "endow-local", version, private: true, type: "commonjs" }, null, 2)}\n` },
  { name: "provider/main.js", content: await built(path.join(dist, "provider/main.js")) },
  { name: "supervisor/main.js", content: await built(path.join(dist, "supervisor/main.js")) },
];

const built = async (file: string): Promise<string> => {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = codeOf(error) ?? "unknown reason";
    throw fault(
      "PLUGIN_NOT_BUILT",
      `${file} cannot be read (${reason})`,
      "reinstall the package endow, or run `npm run build` in its repository",
      file,
    );
  }
};

const holds = async (folder: string, files: readonly File[]): Promise<boolean> => {
  for (const { name, content, executable } of files) {
    const file = path.join(folder, name);
    if ((await readFile(file, "utf8").catch(absent)) !== content) return false;
    if (executable && ((await stat(file)).mode & 0o111) === 0) return false;
  }
  return true;
};

const absent = (error: unknown): undefined => {
  if (codeOf(error) !== "ENOENT") throw error;
};

/** Writes a file that everyone can read and only this user can change, whatever the umask. */
const write = async (file: string, { content, executable = false }: File): Promise<void> => {
  await makeWithMode(path.dirname(file), 0o755);
  await writeFile(file, content, { mode: 0o600 });
  await chmod(file, executable ? 0o755 : 0o644);
};

/** A folder cannot be renamed onto one that is not empty, so the old one is moved aside first. */
const replace = async (folder: string, aside: string): Promise<void> => {
  const old = `${aside}0`;
  await rename(folder, old).catch(absent);
  await rename(aside, folder);
  await rm(old, { recursive: true, force: true });
};

/** Removes Pulumi's marker files: with `.partial`, left by an interrupted download, Pulumi would not use the plugin. */
const forget = async (folder: string): Promise<void> => {
  for (const note of [".partial", ".lock", ".lastused"]) await rm(`${folder}${note}`, { force: true });
};

const failed = (code: string, done: string, folder: string, error: unknown) =>
  fault(
    code,
    `the provider cannot be ${done} in ${folder} (${codeOf(error) ?? String(error)})`,
    fixes[codeOf(error) ?? ""] ?? "grant yourself write access, or set PULUMI_HOME to another folder",
    folder,
  );

const fixes: Readonly<Record<string, string>> = {
  ENOSPC: "free some disk space",
  ENOTDIR: "move away the file that stands where a folder is needed",
  EEXIST: "move away the file that stands where a folder is needed",
};
