import path from "node:path";
import { fault } from "../../errors";
import { readOwnFile, writeOwnFile } from "../own-file";
import type { LocalServer } from "../recipe";
import { accessFile } from "./access";

export const configurationFile = ({ folder }: Pick<LocalServer, "folder">): string => path.join(folder, "redis.conf");

/** Holds no password. What is not said here is as Redis has it, so `CONFIG REWRITE` and `SAVE` have nothing to do. */
export const configuration = (server: Pick<LocalServer, "folder" | "port">): string =>
  [
    "bind 127.0.0.1",
    `port ${server.port}`,
    "protected-mode yes",
    "daemonize no",
    `dir ${quoted(server.folder)}`,
    `aclfile ${quoted(accessFile(server))}`,
    "# At most the last second of writes is lost in a crash.",
    "appendonly yes",
    "appendfsync everysec",
    'save ""',
    "",
  ].join("\n");

/** As redis.conf reads a string: control characters cannot be in a folder's name that works. */
const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

const FILE = "version";

/**
 * Notes which version last worked on the data.
 * @throws EndowError `DATA_VERSION_MISMATCH` when that was a newer major version: an older one cannot read what it wrote.
 */
export const checkDataVersion = async ({ name, folder, program }: LocalServer): Promise<void> => {
  const file = path.join(folder, FILE);
  const found = (readOwnFile(file) ?? "").trim();
  if (major(found) > major(program.version))
    throw fault(
      "DATA_VERSION_MISMATCH",
      `the data in ${folder} was written by version ${found}, and ${program.path} is ${program.version}, which cannot read it`,
      `ask for version ${major(found)}, or name its program: \`endow dev --program ${name}=<path>\``,
      folder,
    );
  if (found !== program.version) await writeOwnFile(file, `${program.version}\n`);
};

const major = (version: string): number => Number.parseInt(version, 10) || 0;
