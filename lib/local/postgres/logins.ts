import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { codeOf } from "../../errors";
import { identifier, literal } from "../../roles/sql";
import type { Credentials } from "../credentials";
import { scramVerifier, verifies } from "../../roles/postgres/scram";
import { writeInto } from "./write-into";

// A hyphen keeps them apart from every setting's login.

/** Made by `initdb`. Used for what only a superuser may do, and never outside this machine. */
export const SUPERUSER = "endow-superuser";

/** Carries out the role steps. Not a superuser, as on a managed server, so that what works here works there. */
export const ADMINISTRATOR = "endow-administrator";

const verifiers = z.object({ superuser: z.string(), administrator: z.string() });

/** The verifiers of our two logins, as last written into a data folder. */
export type Verifiers = z.output<typeof verifiers>;

/** Verifiers of the recorded passwords; a password that is not recorded is made. */
export const newVerifiers = async (credentials: Credentials): Promise<Verifiers> => ({
  superuser: await scramVerifier(await credentials.get(SUPERUSER)),
  administrator: await scramVerifier(await credentials.get(ADMINISTRATOR)),
});

/** Whether a data folder takes the recorded passwords. */
export const takesPasswords = async (data: string, credentials: Credentials): Promise<boolean> => {
  const { superuser = "", administrator = "" } = await readVerifiers(data);
  return (
    (await verifies(superuser, (await credentials.find(SUPERUSER)) ?? "")) &&
    (await verifies(administrator, (await credentials.find(ADMINISTRATOR)) ?? ""))
  );
};

/** Notes which verifiers a data folder holds, so that a lost or changed password is noticed before the server starts. */
export const recordVerifiers = (data: string, verifiers: Verifiers): Promise<void> =>
  writeInto(data, FILE, `${JSON.stringify(verifiers)}\n`);

/**
 * Statements, one a line, that give our two logins their verifiers, in a new data folder and in any later one. The administrator owns
 * the maintenance databases, as on a managed server, and no other login may connect to them.
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

/** The folder may be another user's, whose program it is for. Without a readable note the passwords are simply set once more. */
const readVerifiers = async (data: string): Promise<Partial<Verifiers>> => {
  try {
    return verifiers.safeParse(JSON.parse(await readFile(path.join(data, FILE), "utf8"))).data ?? {};
  } catch (error) {
    if (codeOf(error) === "ENOENT" || error instanceof SyntaxError) return {};
    throw error;
  }
};
