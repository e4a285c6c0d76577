import path from "node:path";
import { z } from "zod/v4";
import { serially } from "../concurrency";
import { readOwnJson, writeOwnFile } from "../../files/own-file";
import type { ReachableServer } from "../recipe";

/** The hyphen rules out a clash with a setting's key. */
export const ADMINISTRATOR = "endow-administrator";

/** The format that versitygw writes. */
const account = z.looseObject({ access: z.string(), secret: z.string(), role: z.string() });

const accounts = z.object({ accessAccounts: z.record(z.string(), account).default({}) });

interface Account {
  readonly secret: string;
  readonly role: "admin" | "user";
}

export const accountsFolder = ({ folder }: Pick<ReachableServer, "folder">): string => path.join(folder, "accounts");

export const accountsFile = (server: Pick<ReachableServer, "folder">): string => path.join(accountsFolder(server), "users.json");

/**
 * Adds an account, changes its secret, or with `undefined` removes it. versitygw reads this file (0600) on every request, so a change takes
 * effect at once, and no secret is sent over a connection or a command line.
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

/** Empty if the file is missing or damaged: every account is added again when its setting is leased. */
const accountsIn = (file: string): z.output<typeof accounts>["accessAccounts"] => {
  const found = readOwnJson(file, accounts);
  return found !== undefined && "value" in found ? found.value.accessAccounts : {};
};
