import path from "node:path";
import { fault } from "../../errors";
import { readOwnFile, writeOwnFile } from "../../files/own-file";
import type { RedisOptions } from "../../kinds/redis";
import type { LocalServer } from "../recipe";
import { accessFile } from "./access";

export const configurationFile = ({ folder }: Pick<LocalServer, "folder">): string => path.join(folder, "redis.conf");

/** Contains no password. Everything else keeps Redis's defaults, so `CONFIG REWRITE` and `SAVE` have nothing to do. */
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
    `include ${quoted(optionsFile(server))}`,
    "",
  ].join("\n");

/** Directives that the setting's options determine. A running server applies them without a restart. */
export const optionsFile = ({ folder }: Pick<LocalServer, "folder">): string => path.join(folder, "options.conf");

/** By directive. */
export const directivesFor = ({ keyspaceNotifications = "" }: Pick<RedisOptions, "keyspaceNotifications">): ReadonlyMap<string, string> =>
  new Map([["notify-keyspace-events", keyspaceNotifications]]);

/** Updates the file that the server reads at startup, which must exist. An unchanged file is not written. */
export const writeOptions = async (server: Pick<LocalServer, "folder">, directives: ReadonlyMap<string, string>): Promise<void> => {
  const text = [...directives].map(([directive, value]) => `${directive} ${quoted(value)}\n`).join("");
  if (readOwnFile(optionsFile(server)) !== text) await writeOwnFile(optionsFile(server), text);
};

/** Quotes a string for redis.conf. A usable folder name contains no control characters. */
const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** Records the version that last used the data. */
export const versionFile = ({ folder }: Pick<LocalServer, "folder">): string => path.join(folder, "version");

/**
 * Records the version that last wrote the data.
 * @throws EndowError `DATA_VERSION_MISMATCH` if a newer major version wrote it, which an older one cannot read
 */
export const checkDataVersion = async ({ name, folder, program }: LocalServer): Promise<void> => {
  const file = versionFile({ folder });
  const found = (readOwnFile(file) ?? "").trim();
  if (major(found) > major(program.version))
    throw fault(
      "DATA_VERSION_MISMATCH",
      `the data in ${folder} was written by version ${found}; ${program.path} is version ${program.version} and cannot read it`,
      `request version ${major(found)}, or pass its program: \`endow dev --program ${name}=<path>\``,
      folder,
    );
  if (found !== program.version) await writeOwnFile(file, `${program.version}\n`);
};

const major = (version: string): number => Number.parseInt(version, 10) || 0;
