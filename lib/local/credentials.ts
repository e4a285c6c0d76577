import path from "node:path";
import { z } from "zod/v4";
import { fault } from "../errors";
import { ownValue } from "../internal/own-value";
import { serially } from "./concurrency";
import { readOwnJson, writeOwnFile } from "../files/own-file";
import { randomText } from "../generate/make";
import { ALPHANUMERIC } from "../generation";

/** 40 characters of `[A-Za-z0-9]`: 238 bits. */
const generatePassword = (): string => randomText(40, ALPHANUMERIC);

/** Passwords of one server, by login name, in `credentials.json` (0600) beside its data. */
export interface Credentials {
  /** Returns a login's password. A new one is saved before it is returned, so no server can have a password that we lost. */
  readonly get: (login: string) => Promise<string>;
  /** Like `get`, but returns `undefined` if the login has no password yet. */
  readonly find: (login: string) => Promise<string | undefined>;
  readonly remove: (login: string) => Promise<void>;
}

/** By login name. */
const passwords = z.record(z.string(), z.string().min(1));

/** Every function throws EndowError `CREDENTIALS_UNREADABLE` if the file is damaged, `FILE_UNREADABLE`, `NOT_TRUSTED`. */
export const credentialsIn = (folder: string): Credentials => {
  const file = path.join(folder, "credentials.json");
  // Settings on one server are leased concurrently: their writes must not overwrite each other.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => serially(file, work);
  return {
    find: (login) => inTurn(async () => ownValue(read(file), login)),
    get: (login) =>
      inTurn(async () => {
        const all = read(file);
        const known = ownValue(all, login);
        if (known !== undefined) return known;
        const made = generatePassword();
        await write(file, { ...all, [login]: made });
        return made;
      }),
    remove: (login) =>
      inTurn(async () => {
        const all = read(file);
        const { [login]: _gone, ...rest } = all;
        if (Object.hasOwn(all, login)) await write(file, rest);
      }),
  };
};

const read = (file: string): z.output<typeof passwords> => {
  const found = readOwnJson(file, passwords);
  if (found === undefined) return {};
  if ("value" in found) return found.value;
  throw fault(
    "CREDENTIALS_UNREADABLE",
    `the password file ${file} is damaged (${found.problem})`,
    "restore it from a backup, or delete it: the next run sets new passwords, and no data is lost",
    file,
  );
};

const write = (file: string, all: z.output<typeof passwords>) => writeOwnFile(file, `${JSON.stringify(all, null, 2)}\n`);
