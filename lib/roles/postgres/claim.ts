import type { QueryResultRow } from "pg";
import type { Step } from "../../kind";
import { ownerName } from "../../names";
import { identifier, literal } from "../sql";

/** Runs one query on the server; `place` describes its purpose, without values. */
export type Ask = <Row extends QueryResultRow>(text: string, place: string) => Promise<Row[]>;

/** A login whose owner role has our comment: the owner exists as long as the data does, whichever logins use it. */
export type MarkedLogin = {
  readonly login: string;
  readonly mark: string;
  /** Whether it can log in. */
  readonly open: boolean;
};

const SUFFIX = ownerName("");

/** Finds the logins whose owner's comment starts with a text. */
export const findMarked = (ask: Ask, beginning: string): Promise<MarkedLogin[]> => {
  const login = `left(owner.rolname, ${-SUFFIX.length})`;
  return ask<MarkedLogin>(
    `select ${login} as login, description as mark, coalesce((select rolcanlogin from pg_roles where rolname = ${login}), false) as open
     from pg_roles owner join pg_shdescription on objoid = owner.oid
     where classoid = 'pg_authid'::regclass and right(owner.rolname, ${SUFFIX.length}) = ${literal(SUFFIX)}
       and starts_with(description, ${literal(beginning)}) order by owner.oid`,
    "find endow's roles",
  );
};

/** An object that already has a name that a lease needs. */
export type TakenName = { readonly what: "owner" | "login" | "database"; readonly name: string };

/** Finds foreign objects with the name of a login, its owner or its database. Ours are a marked owner, and what belongs to that owner. */
export const takenNames = (ask: Ask, login: string, isOurs: boolean): Promise<TakenName[]> => {
  const [name, owner] = [literal(login), literal(ownerName(login))];
  const isMember = "exists (select from pg_auth_members join pg_roles owner on owner.oid = roleid where member = pg_roles.oid";
  return ask<TakenName>(
    `select 'owner' as what, rolname as name from pg_roles where rolname = ${owner} and not ${isOurs}
     union all select 'login', rolname from pg_roles
       where rolname = ${name} and not (${isOurs} and ${isMember} and owner.rolname = ${owner}))
     union all select 'database', datname from pg_database where datname = ${name} and not (${isOurs} and pg_get_userbyid(datdba) = ${owner})`,
    "check whether the name is free",
  );
};

/** Creates an owner and its mark atomically: statements sent together are one transaction. Fails if a role already has the name. */
export const claim = (login: string, mark: string): Step => ({
  on: "server",
  run: `create role ${identifier(ownerName(login))} nologin; ${comment(login, mark)}`,
});

/** Replaces the mark of one of our owners. */
export const renew = (login: string, mark: string): Step => ({ on: "server", run: comment(login, mark) });

/** Statements with which an administrator hands taken names over to a lease of ours. */
export const releaseStatements = (login: string, mark: string, taken: readonly TakenName[]): string => {
  const owner = identifier(ownerName(login));
  const has = (what: TakenName["what"]) => taken.some((each) => each.what === what);
  return [
    ...(has("owner") ? [] : [`create role ${owner} nologin`]),
    comment(login, mark),
    ...(has("login") ? [`grant ${owner} to ${identifier(login)}`] : []),
    ...(has("database") ? [`alter database ${identifier(login)} owner to ${owner}`] : []),
  ].join("; ");
};

const comment = (login: string, mark: string): string => `comment on role ${identifier(ownerName(login))} is ${literal(mark)}`;
