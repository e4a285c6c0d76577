import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { PostgresFields } from "../../connection/postgres";
import { codeOf, fault } from "../../errors";
import type { OptionsOf, Role, Step } from "../../kind";
import { postgresKind as kind } from "../../kinds/postgres";
import { writeOwnFile } from "../../files/own-file";
import type { RecipeLeaseRequest, LocalServer, ReachableServer } from "../recipe";
import type { Login } from "../../roles/postgres/client";
import { planExtensions, privilegedSteps } from "../../roles/postgres/extensions";
import { namesOf, roleOf } from "../../roles/postgres/role";
import { type StepTarget, connected, query, runSteps } from "../../roles/postgres/run";
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
  const done = digest(stepsFor({ ...namesOf(name), verifier: "" }, options.extensions));
  if ((await readRecord(server, name)) === done && (await logsIn(server, login))) return fields;

  const target = await targetFor(server, name);
  const { trusted, privileged } = await planExtensions(options.extensions, target, id);
  const role = await roleOf(name, login.password);
  if (privileged.length > 0) {
    await runSteps(stepsFor(role, []), target);
    await runSteps(privilegedSteps(privileged), { ...target, administrator: await superuserOf(server) });
  }
  await runSteps(stepsFor(role, trusted), target);
  await writeRecord(server, name, done);
  return fields;
};

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

const logsIn = async (server: LocalServer, login: Login): Promise<boolean> => {
  try {
    await connected(addressOf(server), login, login.username, (client) => query(client, "select 1", "try the login"));
    return true;
  } catch (error) {
    // A changed password, a disabled role or a missing database: the role steps fix it.
    if (codeOf(error) === "PASSWORD_REFUSED" || codeOf(error) === "LOGIN_REFUSED") return false;
    throw error;
  }
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
