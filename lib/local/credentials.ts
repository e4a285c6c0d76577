import { randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { codeOf, fault } from "../errors";
import { serially } from "./concurrency";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** 40 characters of `[A-Za-z0-9]`: 238 bits, and nothing in it that a URL, a shell or a configuration file would read otherwise. */
const generatePassword = (): string => Array.from({ length: 40 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");

/** Passwords of one server, by login name, in `credentials.json` (0600) beside its data. */
export interface Credentials {
  /** The password of a login; made and written down before it is returned, so that no server can know one that we do not. */
  readonly get: (login: string) => Promise<string>;
  /** As `get`, but `undefined` where none was made. */
  readonly find: (login: string) => Promise<string | undefined>;
  readonly remove: (login: string) => Promise<void>;
}

/** @throws EndowError `CREDENTIALS_UNREADABLE` when the file is there but is not ours to read, or is damaged. */
export const credentialsIn = (folder: string): Credentials => {
  const file = path.join(folder, "credentials.json");
  // Two settings of one server are leased at once: their writes must not overtake each other.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => serially(file, work);
  return {
    find: (login) => inTurn(async () => (await read(file))[login]),
    get: (login) =>
      inTurn(async () => {
        const all = await read(file);
        const known = all[login];
        if (known !== undefined) return known;
        const made = generatePassword();
        await write(file, { ...all, [login]: made });
        return made;
      }),
    remove: (login) =>
      inTurn(async () => {
        const { [login]: gone, ...rest } = await read(file);
        if (gone !== undefined) await write(file, rest);
      }),
  };
};

const read = async (file: string): Promise<Record<string, string>> => {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Record<string, string>;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return {};
    throw fault(
      "CREDENTIALS_UNREADABLE",
      `the passwords in ${file} cannot be read (${codeOf(error) ?? "not JSON"})`,
      "restore the file from a backup, or remove the environment's servers and data with `endow dev --down`",
      file,
    );
  }
};

const write = (file: string, all: Record<string, string>) => writeFileAtomic(file, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
