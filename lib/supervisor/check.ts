import { realpathSync, statSync } from "node:fs";
import path from "node:path";
import { fault } from "../errors";
import type { Service } from "./service";

type Fields = { readonly [Key in keyof Service]?: unknown };

/**
 * Validates a service received over a socket or read from a file. Its folder must be inside `root`.
 * @throws EndowError `SERVICE_INVALID`, with the field as its path
 */
export const checkService = (input: unknown, root: string): Service => {
  if (!isRecord(input)) throw invalid("service", "must be an object");
  const fields: Fields = input;
  const { name, command, folder, directory, environment, stopSignal, stopTimeout, user, port, labels } = fields;
  if (typeof name !== "string" || !/^[a-z][a-z0-9-]{0,40}$/.test(name)) throw invalid("name", "must match [a-z][a-z0-9-]{0,40}");
  if (!isCommand(command))
    throw invalid("command", "must be the absolute path of a program followed by its arguments, all strings without NUL");
  if (typeof folder !== "string" || !isInside(folder, root))
    throw invalid("folder", `must be the absolute path of a folder inside ${root}`);
  if (directory !== undefined && !isAbsolute(directory)) throw invalid("directory", "must be an absolute path");
  if (!isTexts(environment)) throw invalid("environment", "must map names to strings without NUL");
  if (stopSignal !== "SIGTERM" && stopSignal !== "SIGINT") throw invalid("stopSignal", "must be SIGTERM or SIGINT");
  if (!isInteger(stopTimeout, 0, 600_000)) throw invalid("stopTimeout", "must be an integer from 0 to 600000 (milliseconds)");
  if (port !== undefined && !isInteger(port, 1, 65_535)) throw invalid("port", "must be an integer from 1 to 65535");
  if (labels !== undefined && !isTexts(labels)) throw invalid("labels", "must map names to strings");
  const account = checkUser(user);
  return {
    name,
    command,
    folder: path.normalize(folder),
    ...(directory !== undefined && { directory }),
    environment,
    stopSignal,
    stopTimeout,
    ...(account && { user: account }),
    ...(port !== undefined && { port }),
    ...(labels && { labels }),
  };
};

/** @throws EndowError `SERVICE_INVALID` when the folder does not exist, or its path has a symlink: processes are found by the real path. */
export const checkServiceFolder = ({ folder }: Service): void => {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw invalid("folder", `must exist: ${folder}`);
  if (realpathSync(folder) !== folder) throw invalid("folder", `must not contain a symlink: ${folder}`);
};

/** @throws EndowError `SERVICE_INVALID` when one folder contains the other: stopping one service would stop both. */
export const checkApart = (service: Service, others: readonly Service[]): void => {
  for (const other of others) {
    if (other.name === service.name) continue;
    if (service.folder === other.folder || isInside(service.folder, other.folder) || isInside(other.folder, service.folder)) {
      throw invalid("folder", `must not overlap with that of another service: ${other.name} uses ${other.folder}`);
    }
  }
};

const checkUser = (user: unknown): Service["user"] => {
  if (user === undefined) return undefined;
  if (!isRecord(user) || !isInteger(user["uid"], 0, 2 ** 32 - 2) || !isInteger(user["gid"], 0, 2 ** 32 - 2)) {
    throw invalid("user", "must be { uid, gid }");
  }
  return { uid: user["uid"], gid: user["gid"] };
};

const invalid = (field: string, problem: string) =>
  fault("SERVICE_INVALID", `the ${field} of a service ${problem}`, "fix the recipe that defines the service", field);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === "string" && !value.includes("\0");

const isTexts = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.entries(value).every(([name, text]) => isText(name) && isText(text));

const isInteger = (value: unknown, least: number, most: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;

const isCommand = (value: unknown): value is Service["command"] =>
  Array.isArray(value) && value.every(isText) && typeof value[0] === "string" && path.isAbsolute(value[0]);

const isAbsolute = (value: unknown): value is string => isText(value) && path.isAbsolute(value);

const isInside = (folder: string, root: string): boolean =>
  isAbsolute(folder) && path.normalize(folder).startsWith(root.endsWith(path.sep) ? root : root + path.sep);
