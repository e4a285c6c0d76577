import path from "node:path";
import { z } from "zod";
import { serially } from "../concurrency";
import { readOwnJson, writeOwnFile } from "../own-file";
import type { ReachableServer } from "../recipe";

/** A hyphen keeps it apart from every setting's key. */
export const ADMINISTRATOR = "endow-administrator";

/** As versitygw writes it. */
const account = z.looseObject({ access: z.string(), secret: z.string(), role: z.string() });

const accounts = z.object({ accessAccounts: z.record(z.string(), account).default({}) });

interface Account {
  readonly secret: string;
  readonly role: "admin" | "user";
}

export const accountsFolder = ({ folder }: Pick<ReachableServer, "folder">): string => path.join(folder, "accounts");

export const accountsFile = (server: Pick<ReachableServer, "folder">): string => path.join(accountsFolder(server), "users.json");

/**
 * Adds an account, gives it a new secret, or with `undefined` removes it. versitygw reads this file (0600) at every request, so a change
 * holds at once, and no secret goes over a connection or a command line.
 */
export const setAccount = (server: ReachableServer, access: string, account: Account | undefined): Promise<void> => {
  const file = accountsFile(server);
  return serially(file, async () => {
    const { [access]: before, ...others } = accountsIn(file);
    if (before?.secret === account?.secret && before?.role === account?.role) return;
    const accessAccounts = account === undefined ? others : { ...others, [access]: { access, ...account } };
    await writeOwnFile(file, JSON.stringify({ accessAccounts }));
  });
};

/** None where the file is not there, or is damaged: every account is given again when its setting is leased. */
const accountsIn = (file: string): z.output<typeof accounts>["accessAccounts"] => {
  const found = readOwnJson(file, accounts);
  return found !== undefined && "value" in found ? found.value.accessAccounts : {};
};
