import type { QueryResultRow } from "pg";
import type { Step } from "../../kind";
import { ownerName } from "../../names";
import { identifier, literal } from "../sql";

/** Asks the server one question; `place` says what for, in words without values. */
export type Ask = <Row extends QueryResultRow>(text: string, place: string) => Promise<Row[]>;

/** A login whose owner has a comment of ours: the owner is there as long as the data is, whatever logins work as it. */
export type MarkedLogin = {
  readonly login: string;
  readonly mark: string;
  /** Whether it is let in. */
  readonly open: boolean;
};

const SUFFIX = ownerName("");

/** The logins whose owner's comment begins with a text. */
export const findMarked = (ask: Ask, beginning: string): Promise<MarkedLogin[]> => {
  const login = `left(owner.rolname, ${-SUFFIX.length})`;
  return ask<MarkedLogin>(
    `select ${login} as login, description as mark, coalesce((select rolcanlogin from pg_roles where rolname = ${login}), false) as open
     from pg_roles owner join pg_shdescription on objoid = owner.oid
     where classoid = 'pg_authid'::regclass and right(owner.rolname, ${SUFFIX.length}) = ${literal(SUFFIX)}
       and starts_with(description, ${literal(beginning)}) order by owner.oid`,
    "look for roles of ours",
  );
};

/** What has a name that a lease needs. */
export type TakenName = { readonly what: "owner" | "login" | "database"; readonly name: string };

/** What has the name of a login, its owner or its database, and is not ours: the owner is when it is marked, the others are when they are the owner's. */
export const takenNames = (ask: Ask, login: string, isOurs: boolean): Promise<TakenName[]> => {
  const [name, owner] = [literal(login), literal(ownerName(login))];
  const isMember = "exists (select from pg_auth_members join pg_roles owner on owner.oid = roleid where member = pg_roles.oid";
  return ask<TakenName>(
    `select 'owner' as what, rolname as name from pg_roles where rolname = ${owner} and not ${isOurs}
     union all select 'login', rolname from pg_roles
       where rolname = ${name} and not (${isOurs} and ${isMember} and owner.rolname = ${owner}))
     union all select 'database', datname from pg_database where datname = ${name} and not (${isOurs} and pg_get_userbyid(datdba) = ${owner})`,
    "look whether the name is free",
  );
};

/** Makes an owner and its mark, both or none: statements that are sent together are one transaction. Refused where a role has the name. */
export const claim = (login: string, mark: string): Step => ({
  on: "server",
  run: `create role ${identifier(ownerName(login))} nologin; ${comment(login, mark)}`,
});

/** Gives an owner of ours the mark that it is to have from now on. */
export const renew = (login: string, mark: string): Step => ({ on: "server", run: comment(login, mark) });

/** What tells the server that names which are taken were made for a lease of ours, for somebody who may say so. */
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
