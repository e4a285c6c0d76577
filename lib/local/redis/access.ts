import { createHash } from "node:crypto";
import path from "node:path";
import { serially } from "../concurrency";
import { readOwnFile, writeOwnFile } from "../../files/own-file";
import type { ReachableServer } from "../recipe";

/** The hyphen rules out a clash with a setting's user. */
export const ADMINISTRATOR = "endow-administrator";

/**
 * Permissions of an app: every command that is neither `@admin` nor `@dangerous`, on all keys and channels of its own server, plus the dangerous
 * commands that apps and their libraries use and that Amazon ElastiCache allows as well.
 */
const APP_RULES = "~* &* +@all -@admin -@dangerous +info +keys +sort +sort_ro +flushdb +flushall +restore +role +client|list +client|kill";

/** ACL rules by user name, in the syntax of `ACL SETUSER`. */
export type Users = ReadonlyMap<string, string>;

/** The rules contain the password's SHA-256, never the password itself. */
export const administratorRules = (password: string): string => `on #${hash(password)} ~* &* +@all`;

export const appRules = (password: string): string => `on #${hash(password)} ${APP_RULES}`;

export const disabledRules = (rules: string): string => rules.replace(/^on /, "off ");

/** Users of settings only: neither the administrator nor `default`. */
export const appUsers = (users: Users): string[] => [...users.keys()].filter((name) => name !== ADMINISTRATOR && name !== "default");

export const accessFile = ({ folder }: Pick<ReachableServer, "folder">): string => path.join(folder, "users.acl");

export const readUsers = (server: ReachableServer): Users => parseUsers(readOwnFile(accessFile(server)) ?? "");

/**
 * Changes the file (0600) that the server reads at startup. The `default` user, used by clients that log in without a name, is always disabled.
 * A no-op does not touch the file.
 */
export const changeUsers = (server: ReachableServer, change: (users: Map<string, string>) => void): Promise<void> =>
  serially(accessFile(server), async () => {
    const before = readOwnFile(accessFile(server)) ?? "";
    const users = new Map(parseUsers(before));
    change(users);
    users.set("default", "off resetchannels -@all");
    const after = formatUsers(users);
    if (after !== before) await writeOwnFile(accessFile(server), after);
  });

export const parseUsers = (text: string): Users =>
  new Map([...text.matchAll(/^user (\S+) (.+)$/gm)].map(([, name = "", rules = ""]) => [name, rules]));

export const formatUsers = (users: Users): string => [...users].map(([name, rules]) => `user ${name} ${rules}\n`).join("");

const hash = (password: string) => createHash("sha256").update(password).digest("hex");
