import { readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { codeOf } from "../../errors";
import { serially } from "../concurrency";
import type { ReachableServer } from "../recipe";

/** A hyphen keeps it apart from every setting's key. */
export const ADMINISTRATOR = "endow-administrator";

/** As versitygw writes it. */
export interface Account {
  readonly access: string;
  readonly secret: string;
  readonly role: "admin" | "user";
}

export const accountsFolder = ({ folder }: Pick<ReachableServer, "folder">): string => path.join(folder, "accounts");

/**
 * Adds an account, gives it a new secret, or with `undefined` removes it. versitygw reads this file (0600) at every request, so a change
 * holds at once, and no secret goes over a connection or a command line.
 */
export const setAccount = (server: ReachableServer, access: string, account: Omit<Account, "access"> | undefined): Promise<void> => {
  const file = path.join(accountsFolder(server), "users.json");
  return serially(file, async () => {
    const { [access]: before, ...others } = await accountsIn(file);
    if (before?.secret === account?.secret && before?.role === account?.role) return;
    const accessAccounts = account === undefined ? others : { ...others, [access]: { access, ...account } };
    await writeFileAtomic(file, JSON.stringify({ accessAccounts }), { mode: 0o600 });
  });
};

/** None where the file is not there, or is damaged: every account is given again when its setting is leased. */
const accountsIn = async (file: string): Promise<Readonly<Record<string, Account>>> => {
  try {
    const { accessAccounts } = JSON.parse(await readFile(file, "utf8")) as { accessAccounts?: Record<string, Account> };
    return accessAccounts ?? {};
  } catch (error) {
    if (codeOf(error) === "ENOENT" || error instanceof SyntaxError) return {};
    throw error;
  }
};
