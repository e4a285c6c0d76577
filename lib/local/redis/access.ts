import { createHash } from "node:crypto";
import path from "node:path";
import { serially } from "../concurrency";
import { readOwnFile, writeOwnFile } from "../own-file";
import type { ReachableServer } from "../recipe";

/** A hyphen keeps it apart from every setting's user. */
export const ADMINISTRATOR = "endow-administrator";

/**
 * What an app may do: all on its own server's keys and channels that is neither administration nor dangerous, and of the dangerous what
 * apps and their libraries do use and what Amazon ElastiCache leaves them as well.
 */
const APP_RULES = "~* &* +@all -@admin -@dangerous +info +keys +sort +sort_ro +flushdb +flushall +restore +role +client|list +client|kill";

/** Users by name, each with its rules as `ACL SETUSER` takes them. */
export type Users = ReadonlyMap<string, string>;

/** Rules that hold a password's SHA-256 and never the password. */
export const administratorRules = (password: string): string => `on #${hash(password)} ~* &* +@all`;

export const appRules = (password: string): string => `on #${hash(password)} ${APP_RULES}`;

export const disabledRules = (rules: string): string => rules.replace(/^on /, "off ");

/** Users of settings alone: neither the administrator nor `default`. */
export const appUsers = (users: Users): string[] => [...users.keys()].filter((name) => name !== ADMINISTRATOR && name !== "default");

export const accessFile = ({ folder }: Pick<ReachableServer, "folder">): string => path.join(folder, "users.acl");

export const readUsers = (server: ReachableServer): Users => parseUsers(readOwnFile(accessFile(server)) ?? "");

/**
 * Changes the file that the server reads when it starts, mode 0600. The user that logs in without a name is always shut out.
 * A change that changes nothing leaves the file alone.
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
