import type { Step } from "../../kind";
import { identifier, literal } from "../sql";

/** Asks the server one question; `place` says what for, in words without values. */
export type Ask = (text: string, place: string) => Promise<Record<string, unknown>[]>;

/** A role with a comment of ours. */
export interface MarkedRole {
  readonly login: string;
  readonly mark: string;
  /** Whether it is let in. */
  readonly open: boolean;
}

/** The first role whose comment begins with one of the texts, in their order. */
export const findMarked = async (ask: Ask, beginnings: readonly string[]): Promise<MarkedRole | undefined> => {
  const wanted = beginnings.map((beginning) => `starts_with(description, ${literal(beginning)})`).join(" or ");
  const rows = await ask(
    `select rolname as login, description as mark, rolcanlogin as open from pg_roles join pg_shdescription on objoid = pg_roles.oid
     where classoid = 'pg_authid'::regclass and (${wanted})`,
    "look for a role of ours",
  );
  const roles = rows as unknown as readonly MarkedRole[];
  return beginnings.flatMap((beginning) => roles.filter(({ mark }) => mark.startsWith(beginning)))[0];
};

/** What has the name of a role and its database, and is not ours. The database of a role of ours is ours when the role owns it. */
export const takenNames = async (ask: Ask, login: string, isOurs: boolean): Promise<readonly { readonly what: "role" | "database" }[]> => {
  const name = literal(login);
  const role = `select 'role' as what from pg_roles where rolname = ${name} and not ${isOurs}`;
  const database = `select 'database' from pg_database where datname = ${name} and not (${isOurs} and pg_get_userbyid(datdba) = ${name})`;
  return (await ask(`${role} union all ${database}`, "look whether the name is free")) as unknown as readonly {
    what: "role" | "database";
  }[];
};

/** Makes a role and its mark, both or none: statements that are sent together are one transaction. Refused where a role has the name. */
export const claim = (login: string, mark: string): Step => ({
  ...onServer,
  run: `create role ${identifier(login)} nologin; ${comment(login, mark)}`,
});

/** Gives a role of ours the mark that it is to have from now on. */
export const renew = (login: string, mark: string): Step => ({ ...onServer, run: comment(login, mark) });

const onServer = { on: "server", as: "administrator" } as const;

const comment = (login: string, mark: string): string => `comment on role ${identifier(login)} is ${literal(mark)}`;
