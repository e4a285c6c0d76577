import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod/v4";
import { codeOf } from "../../errors";
import { identifier, literal } from "../../roles/sql";
import type { Credentials } from "../credentials";
import { scramVerifier, verifies } from "../../roles/postgres/scram";
import { writeInto } from "./write-into";

// The hyphens rule out a clash with a setting's login.

/** Created by `initdb`. Used only for operations that require a superuser, and never outside this machine. */
export const SUPERUSER = "endow-superuser";

/** Runs the role steps. Not a superuser, as on a managed server, so that what works here works there too. */
export const ADMINISTRATOR = "endow-administrator";

const verifiers = z.object({ superuser: z.string(), administrator: z.string() });

/** Verifiers of our two logins, as last written to a data folder. */
export type Verifiers = z.output<typeof verifiers>;

/** Computes verifiers of the recorded passwords; generates passwords that are not recorded. */
export const newVerifiers = async (credentials: Credentials): Promise<Verifiers> => ({
  superuser: await scramVerifier(await credentials.get(SUPERUSER)),
  administrator: await scramVerifier(await credentials.get(ADMINISTRATOR)),
});

/** Whether a data folder accepts the recorded passwords. */
export const takesPasswords = async (data: string, credentials: Credentials): Promise<boolean> => {
  const { superuser = "", administrator = "" } = await readVerifiers(data);
  return (
    (await verifies(superuser, (await credentials.find(SUPERUSER)) ?? "")) &&
    (await verifies(administrator, (await credentials.find(ADMINISTRATOR)) ?? ""))
  );
};

/** Records a data folder's verifiers, so that a lost or changed password is detected before the server starts. */
export const recordVerifiers = (data: string, verifiers: Verifiers): Promise<void> =>
  writeInto(data, FILE, `${JSON.stringify(verifiers)}\n`);

/**
 * Statements, one per line, that set the verifiers of our two logins in a new or an existing data folder. As on a managed server, the
 * administrator owns the maintenance databases, and no other login may connect to them.
 */
export const loginStatements = ({ superuser, administrator }: Verifiers): string => {
  const admin = identifier(ADMINISTRATOR);
  return [
    `alter role ${identifier(SUPERUSER)} with login superuser password ${literal(superuser)};`,
    `do $$ begin if not exists (select from pg_roles where rolname = ${literal(ADMINISTRATOR)}) then create role ${admin}; end if; end $$;`,
    `alter role ${admin} with login createrole createdb nosuperuser password ${literal(administrator)};`,
    ...["postgres", "template1"].flatMap((database) => [
      `alter database ${database} owner to ${admin};`,
      `revoke connect on database ${database} from public;`,
    ]),
    "",
  ].join("\n");
};

const FILE = "endow-logins.json";

/** The folder may belong to the user that runs the program. Without a valid file the passwords are simply set again. */
const readVerifiers = async (data: string): Promise<Partial<Verifiers>> => {
  try {
    return verifiers.safeParse(JSON.parse(await readFile(path.join(data, FILE), "utf8"))).data ?? {};
  } catch (error) {
    if (codeOf(error) === "ENOENT" || error instanceof SyntaxError) return {};
    throw error;
  }
};
