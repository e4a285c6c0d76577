import type { Role } from "../../kind";
import { ownerName } from "../../names";
import { scramVerifier } from "./scram";

/** The names of a lease: the database has the same name as its login. */
export const namesOf = (login: string): Omit<Role, "verifier"> => ({ owner: ownerName(login), login, database: login });

export const roleOf = async (login: string, password: string): Promise<Role> => ({
  ...namesOf(login),
  verifier: await scramVerifier(password),
});
