import { fault } from "../../errors";
import { ownerName } from "../../names";
import { literal } from "../sql";
import type { Ask } from "./claim";

/** A database that the app or its tools created, owned by the lease's owner role. */
export type CreatedDatabase = { readonly name: string; readonly login: string };

const SUFFIX = ownerName("");

/** Finds databases that apps created. @param login restricts them to this lease's, and to another lease's with its name */
export const createdDatabases = (ask: Ask, login?: string): Promise<CreatedDatabase[]> => {
  const owner = `left(rolname, ${-SUFFIX.length})`;
  return ask<CreatedDatabase>(
    `select datname::text as name, ${owner} as login from pg_database join pg_roles on pg_roles.oid = datdba
     where right(rolname, ${SUFFIX.length}) = ${literal(SUFFIX)} and datname <> ${owner}
       ${login === undefined ? "" : `and (${owner} = ${literal(login)} or datname = ${literal(login)})`} order by 1`,
    "list the databases that apps created",
  );
};

/** @throws EndowError `NAME_TAKEN` if another setting's app created a database with the name of a lease */
export const assertNotCreated = (created: readonly CreatedDatabase[], login: string, id: string): void => {
  const taken = created.find(({ name }) => name === login);
  if (taken === undefined) return;
  throw fault(
    "NAME_TAKEN",
    `the database ${login} was created by the login ${taken.login} of another setting: nothing was changed`,
    "rename or drop that database, or give the setting another id",
    id,
  );
};

interface Limited {
  readonly login: string;
  /** The setting's id. */
  readonly id: string;
  /** Maximum number of databases it may create. */
  readonly limit: number;
}

/** A message for the user when a setting's tools cannot create more databases; `undefined` below the limit. */
export const limitNote = (created: readonly CreatedDatabase[], { login, id, limit }: Limited): string | undefined => {
  const own = created.filter((database) => database.login === login).map(({ name }) => name);
  if (own.length < limit) return undefined;
  return (
    `${id} has ${own.length} databases besides its own, and the limit is ${limit}, so its login cannot create any more ` +
    `(permission denied, 42501): drop those you do not need, then run this again: ${own.join(", ")}`
  );
};
