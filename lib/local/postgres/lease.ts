import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { Client } from "pg";
import type { PostgresFields } from "../../connection/postgres";
import { codeOf, fault } from "../../errors";
import type { OptionsOf, Role, Step } from "../../kind";
import { postgresKind as kind } from "../../kinds/postgres";
import { MAX_CREATED_DATABASES } from "../../kinds/postgres/role";
import { writeOwnFile } from "../../files/own-file";
import type { RecipeLeaseRequest, LocalServer, ReachableServer } from "../recipe";
import type { Ask } from "../../roles/postgres/claim";
import type { Login } from "../../roles/postgres/client";
import { assertNotCreated, createdDatabases, limitNote, type CreatedDatabase } from "../../roles/postgres/databases";
import { planExtensions, privilegedSteps } from "../../roles/postgres/extensions";
import { namesOf, roleOf } from "../../roles/postgres/role";
import { type StepTarget, connected, isDone, MAINTENANCE_DATABASE, maintenanceOf, query, runSteps } from "../../roles/postgres/run";
import { addressOf, HOST } from "./address";
import { ADMINISTRATOR, SUPERUSER } from "./logins";

export type PostgresLeaseOptions = OptionsOf<typeof kind>;

/** Creates a database, and a login `request.name` that acts as its owner. If already done, costs only one login as that role. */
export const lease = async (server: LocalServer, request: RecipeLeaseRequest<PostgresLeaseOptions>): Promise<PostgresFields> => {
  const { name, options, id } = request;
  assertFree(name, id);
  const login: Login = { username: name, password: await server.credentials.get(name) };
  const fields = { host: HOST, port: server.port, database: name, ...login, tls: { mode: "off" } } as const;
  const stepsFor = (role: Role, extensions: readonly string[]) => [
    ...kind.role.ensure(role, { ...options, extensions: [...extensions] }),
    ...kind.role.isolate(),
  ];
  const steps = stepsFor({ ...namesOf(name), verifier: "" }, options.extensions);
  const done = digest(steps);
  const recorded = (await readRecord(server, name)) === done ? await settled(server, login, steps) : undefined;
  if (recorded) {
    warnOfLimit(recorded, request);
    return fields;
  }

  const target = await targetFor(server, name);
  const created = await connected(target, target.administrator, maintenanceOf(target), (client) => createdDatabases(asking(client), name));
  assertNotCreated(created, name, id);
  const { trusted, privileged } = await planExtensions(options.extensions, target, id);
  const role = await roleOf(name, login.password);
  const superuser = { ...target, administrator: await superuserOf(server) };
  if (options.createDatabases === true && Number(server.data) < 15) await runSteps([CLOSED_SCHEMA], superuser);
  if (privileged.length > 0) {
    await runSteps(stepsFor(role, []), target);
    await runSteps(privilegedSteps(privileged), superuser);
  }
  await runSteps(stepsFor(role, trusted), target);
  await writeRecord(server, name, done);
  warnOfLimit(created, request);
  return fields;
};

/** Databases that apps created. */
export const created = async (server: ReachableServer): Promise<readonly CreatedDatabase[]> =>
  connected(addressOf(server), await administratorOf(server), MAINTENANCE_DATABASE, (client) => createdDatabases(asking(client)));

/** Disables the login and ends its sessions; keeps the database. */
export const disable = async (server: ReachableServer, name: string): Promise<void> => {
  await removeRecord(server, name);
  await runSteps(kind.role.disable({ login: name }), await targetFor(server, name));
};

/** Deletes the database, then its roles and the password. */
export const drop = async (server: ReachableServer, name: string): Promise<void> => {
  await removeRecord(server, name);
  await runSteps(kind.role.drop(namesOf(name)), await targetFor(server, name));
  await server.credentials.remove(name);
};

/** The administrator role via the superuser's login, for which the server reserves connections when apps use all others. */
export const administratorOf = async (server: ReachableServer): Promise<Login> => ({ ...(await superuserOf(server)), role: ADMINISTRATOR });

const superuserOf = async ({ credentials }: ReachableServer): Promise<Login> => ({
  username: SUPERUSER,
  password: await credentials.get(SUPERUSER),
});

const targetFor = async (server: ReachableServer, database: string): Promise<StepTarget> => ({
  ...addressOf(server),
  administrator: await administratorOf(server),
  database,
});

/** @throws EndowError `NAME_RESERVED` */
export const assertFree = (name: string, id: string): void => {
  if (!/^(pg_|postgres$|template[01]$)/.test(name)) return;
  throw fault("NAME_RESERVED", `PostgreSQL reserves the name ${name}`, "give the setting another id", id);
};

/** Since version 15, only a database's owner may create objects in its schema `public`. Before, only a superuser can arrange that. */
const CLOSED_SCHEMA: Step = {
  on: "server",
  unless: "select 1 where not has_schema_privilege('public', 'public', 'create')",
  run: "revoke create on schema public from public",
};

/**
 * Returns the databases that the app created, if the login works and no step is needed. An app can make steps necessary by creating a database, or
 * by dropping and recreating its own.
 */
const settled = async (server: LocalServer, login: Login, steps: readonly Step[]): Promise<readonly CreatedDatabase[] | undefined> => {
  try {
    return await connected(addressOf(server), login, login.username, async (client) => {
      const [row] = await query<{ readonly done: boolean }>(client, `select ${isDone(steps)} as done`, "see whether role steps are needed");
      return row?.done === true ? createdDatabases(asking(client), login.username) : undefined;
    });
  } catch (error) {
    // A changed password, a disabled role, a missing role or database: the role steps fix it.
    if (["PASSWORD_REFUSED", "LOGIN_REFUSED", "STATEMENT_REFUSED"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
};

const asking =
  (client: Client): Ask =>
  (text, place) =>
    query(client, text, place);

const warnOfLimit = (created: readonly CreatedDatabase[], { id, name, options, tell }: RecipeLeaseRequest<PostgresLeaseOptions>): void => {
  const note = options.createDatabases === true ? limitNote(created, { login: name, id, limit: MAX_CREATED_DATABASES }) : undefined;
  if (note !== undefined) tell?.(note);
};

// Digest of the steps applied for a setting in one version's data; one file each, so that settings leased concurrently do not conflict.
const recordFile = ({ folder, data }: ReachableServer, name: string) => path.join(folder, `steps-${data}`, name);

const digest = (steps: readonly Step[]) => createHash("sha256").update(JSON.stringify(steps)).digest("hex");

const readRecord = (server: LocalServer, name: string) =>
  readFile(recordFile(server, name), "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });

const writeRecord = async (server: LocalServer, name: string, done: string): Promise<void> => {
  const file = recordFile(server, name);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeOwnFile(file, done);
};

const removeRecord = (server: ReachableServer, name: string) => rm(recordFile(server, name), { force: true });
