import type { PostgresFields } from "../../connection/postgres";
import { fault } from "../../errors";
import { postgresKind as kind } from "../../kinds/postgres";
import { type Ask, claim, findMarked, releaseStatements, renew, takenNames, type TakenName } from "../../roles/postgres/claim";
import { planExtensions } from "../../roles/postgres/extensions";
import { namesOf, roleOf } from "../../roles/postgres/role";
import { connected, maintenanceOf, query, runSteps, type StepTarget } from "../../roles/postgres/run";
import { assertFree, type PostgresLeaseOptions } from "../postgres/lease";
import type { Remote, RemoteServer } from "./remote";

const { role } = kind;

/** A database, and a login that acts as its owner, on an existing PostgreSQL server. A comment on the owner marks them as ours. */
export const postgres: Remote<PostgresLeaseOptions, PostgresFields> = {
  lease: async (server, { id, options, mark, marks, nameFor, password }) => {
    const { found, login, taken, notes } = await look(server, async (ask) => {
      const ours = (await findMarked(ask, marks.beginning)).filter(({ mark }) => mark.includes(marks.part));
      const found = marks.known.flatMap((known) => ours.filter((each) => each.mark.startsWith(known)))[0];
      const login = found?.login ?? nameFor(ours.map((each) => each.login));
      return {
        found,
        login,
        taken: await takenNames(ask, login, found !== undefined),
        notes: await versionNotes(ask, server, options, id),
      };
    });
    assertFree(login, id);
    assertNotTaken(taken, server, login, { id, mark });
    const target = targetFor(server, login);
    const { ordered } = await planExtensions(options.extensions, target, id);
    const own = { username: login, password: await password(login) };
    const steps = role.ensure(await roleOf(login, own.password), { ...options, extensions: [...ordered] });
    await runSteps([found ? renew(login, mark) : claim(login, mark), ...steps], target);
    await connected(server, own, login, (client) => query(client, "select 1", "try the login"));
    return {
      login,
      fields: { host: server.host, port: server.port, database: login, ...own, tls: server.tls },
      made: found === undefined,
      notes,
    };
  },

  isOpen: async (server, mark) => (await look(server, (ask) => markedExactly(ask, mark)))?.open ?? false,

  disable: async (server, mark) => {
    const found = await look(server, (ask) => markedExactly(ask, mark));
    if (found) await runSteps(role.disable({ login: found.login }), targetFor(server, found.login));
  },

  drop: async (server, mark) => {
    const { login, taken } = await look(server, async (ask) => {
      const found = await markedExactly(ask, mark);
      return { login: found?.login, taken: found ? await takenNames(ask, found.login, true) : [] };
    });
    if (login === undefined) return;
    assertNotTaken(taken, server, login, { id: login, mark });
    await runSteps(role.drop(namesOf(login)), targetFor(server, login));
  },
};

const targetFor = ({ host, port, tls, administrator }: RemoteServer, database: string): StepTarget => ({
  host,
  port,
  tls,
  administrator,
  database,
  maintenance: administrator.database,
});

const look = <T>(server: RemoteServer, work: (ask: Ask) => Promise<T>): Promise<T> => {
  const { administrator } = server;
  return connected(server, administrator, maintenanceOf({ maintenance: administrator.database }), (client) =>
    work((text, place) => query(client, text, place)),
  );
};

const markedExactly = async (ask: Ask, mark: string) => (await findMarked(ask, mark)).find((each) => each.mark === mark);

const assertNotTaken = (
  taken: readonly TakenName[],
  { host, port }: RemoteServer,
  login: string,
  { id, mark }: { readonly id: string; readonly mark: string },
): void => {
  if (taken.length === 0) return;
  const found = taken.map(({ what, name }) => `a ${what === "database" ? what : "role"} ${name}`).join(" and ");
  throw fault(
    "NAME_TAKEN",
    `${host}:${port} has ${found} that this environment did not create: nothing was changed`,
    "give the environment another name, or the setting another id; " +
      `if they were created for this setting, mark them on the server: ${releaseStatements(login, mark, taken)}`,
    id,
  );
};

const versionNotes = async (ask: Ask, server: RemoteServer, { version }: PostgresLeaseOptions, id: string): Promise<readonly string[]> => {
  const [row] = await ask<{ readonly server_version_num: string }>("show server_version_num", "ask for the version");
  const major = Math.floor(Number(row?.server_version_num) / 10_000);
  return String(major) === version
    ? []
    : [`${server.host}:${server.port} runs PostgreSQL ${major}, but "${id}" requests ${version}: set \`version\` to match the server`];
};
