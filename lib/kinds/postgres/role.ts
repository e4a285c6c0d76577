import { postgresProtocol } from "../../connection/postgres";
import type { Role, RoleProgram, Step } from "../../kind";
import { identifier as id, literal } from "../../roles/sql";

/** Maximum number of databases that a setting's tools may create. */
export const MAX_CREATED_DATABASES = 16;

/** The options of a setting that its role depends on. */
export interface RoleOptions {
  readonly extensions: readonly string[];
  readonly createDatabases?: boolean | undefined;
}

/** How a login and its database are created, disabled and dropped. */
export const postgresRole: RoleProgram<RoleOptions> = {
  port: postgresProtocol.defaultPort,
  ensure: (role, { extensions, createDatabases }) => [
    ...makeOwner(role),
    ...makeLogin(role),
    makeDatabase(role),
    ...(createDatabases === undefined ? [] : createDatabases ? allowDatabases(role) : refuseDatabases(role)),
    closeOwnToPublic(role),
    ...extensions.map(extension),
    giveToOwner(role),
  ],
  isolate: () => ["postgres", "template1"].map(closeToPublic),
  disable: (role) => closeLogin(role),
  drop: ({ owner, login, database }) => [
    // First, because a tool could otherwise keep creating databases.
    ...closeLogin({ login }),
    onServer(`drop database if exists ${id(database)} with (force)`),
    generated(
      `select format('alter database %I is_template false', datname) from pg_database where datistemplate and ${ownedBy(owner)} ` +
        `union all select format('drop database if exists %I with (force)', datname) from pg_database where ${ownedBy(owner)}`,
    ),
    // Privileges on other databases would prevent dropping the roles.
    generated(`select format('drop owned by %I', rolname) from pg_roles where rolname in (${literal(login)}, ${literal(owner)})`),
    onServer(`drop role if exists ${id(login)}`),
    onServer(`drop role if exists ${id(owner)}`),
  ],
};

const onServer = (run: string, unless?: string): Step => ({ on: "server", ...(unless !== undefined && { unless }), run });

const generated = (run: string, unless?: string): Step => ({ ...onServer(run, unless), generates: true });

const closeLogin = ({ login }: Pick<Role, "login">): readonly Step[] => [
  onServer(
    `alter role ${id(login)} nologin`,
    `select 1 where not exists (select from pg_roles where rolname = ${literal(login)} and rolcanlogin)`,
  ),
  onServer(`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${literal(login)}`),
];

const exists = (role: string): string => `select 1 from pg_roles where rolname = ${literal(role)}`;

/** An administrator that is not a superuser can act for a role only as its member. */
const join = (role: string): Step => onServer(`grant ${id(role)} to current_user`);

const makeOwner = ({ owner }: Role): readonly Step[] => [onServer(`create role ${id(owner)} nologin`, exists(owner)), join(owner)];

/** A member from the start, which marks it as the owner's. What it creates belongs to the owner, unless it runs `set role none`. */
const makeLogin = ({ owner, login, verifier }: Role): readonly Step[] => [
  onServer(`create role ${id(login)} login in role ${id(owner)}`, exists(login)),
  onServer(`alter role ${id(login)} login password ${literal(verifier)}`),
  onServer(`grant ${id(owner)} to ${id(login)}`, `select 1 where pg_has_role(${literal(login)}, ${literal(owner)}, 'member')`),
  join(login),
  onServer(`alter role ${id(login)} set role ${literal(owner)}`),
];

/** The owner may create objects in the schema `public`: from version 15 on only the owner may; before, everyone who can connect. */
const makeDatabase = ({ owner, database }: Role): Step =>
  onServer(`create database ${id(database)} owner ${id(owner)}`, `select 1 from pg_database where datname = ${literal(database)}`);

const giveToOwner = ({ owner, login }: Role): Step => ({ on: "database", run: `reassign owned by ${id(login)} to ${id(owner)}` });

const ownedBy = (owner: string): string => `pg_get_userbyid(datdba) = ${literal(owner)}`;

/** The current role's attribute counts, not the login's. PostgreSQL has no such limit: the attribute is removed when the limit is reached. */
const allowDatabases = ({ owner, database }: Role): readonly Step[] => {
  const mayCreate = `(select count(*) < ${MAX_CREATED_DATABASES} from pg_database where ${ownedBy(owner)} and datname <> ${literal(database)})`;
  return [
    generated(
      `select format('alter role %I ', ${literal(owner)}) || case when ${mayCreate} then 'createdb' else 'nocreatedb' end`,
      `${exists(owner)} and rolcreatedb = ${mayCreate}`,
    ),
    // Tools connect to it to create others. Before version 15, every role may create objects there unless a superuser has revoked that privilege.
    generated(
      `select format('grant connect on database postgres to %I', ${literal(owner)}) where not has_schema_privilege('public', 'public', 'create')`,
      mayConnect(owner),
    ),
  ];
};

const refuseDatabases = ({ owner }: Role): readonly Step[] => [
  onServer(`alter role ${id(owner)} nocreatedb`, `${exists(owner)} and not rolcreatedb`),
  onServer(`revoke connect on database postgres from ${id(owner)}`, `select 1 where not exists (${mayConnect(owner)})`),
];

const mayConnect = (owner: string): string => `select 1 where has_database_privilege(${literal(owner)}, 'postgres', 'connect')`;

/** Grants of the CONNECT privilege to every role, PostgreSQL's default for a new database. */
const openToPublic =
  "from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) where grantee = 0 and privilege_type = 'CONNECT'";

/** Includes databases that tools created, and the setting's own if they recreated it. */
const closeOwnToPublic = ({ owner }: Role): Step =>
  generated(
    `select format('revoke connect on database %I from public', datname) ${openToPublic} and ${ownedBy(owner)}`,
    `select 1 where not exists (select ${openToPublic} and ${ownedBy(owner)})`,
  );

const closeToPublic = (database: string): Step =>
  onServer(
    `revoke connect on database ${id(database)} from public`,
    `select 1 where not exists (select ${openToPublic} and datname = ${literal(database)})`,
  );

const extension = (name: string): Step => ({
  on: "database",
  unless: `select 1 from pg_extension where extname = ${literal(name)}`,
  run: `create extension if not exists ${id(name)}`,
});
