import type { PostgresFields } from "../../connection/postgres";
import { fault } from "../../errors";
import { postgresKind as kind } from "../../kinds/postgres";
import type { Remote, RemoteServer } from "./remote";
import { connected, type Login, maintenanceOf, query, runSteps, type StepTarget } from "../../roles/postgres/run";
import { type Ask, claim, findMarked, renew, takenNames } from "../../roles/postgres/claim";
import { planExtensions } from "../../roles/postgres/extensions";
import { assertFree, type PostgresLeaseOptions } from "../postgres/lease";
import { scramVerifier } from "../../roles/postgres/scram";

const { role } = kind;

/** A role and the database that it owns on a PostgreSQL that somebody else runs, known to be ours by a comment on the role. */
export const postgres: Remote<PostgresLeaseOptions, PostgresFields> = {
  lease: async (server, { id, name, options, mark, known, password }) => {
    assertFree(name, id);
    const { found, login, taken, notes } = await look(server, async (ask) => {
      const marked = await findMarked(ask, known);
      const wanted = marked?.login ?? name;
      return {
        found: marked,
        login: wanted,
        taken: await takenNames(ask, wanted, marked !== undefined),
        notes: await versionNotes(ask, server, options, id),
      };
    });
    const target = targetFor(server, login);
    assertNotTaken(taken, server, login, { id, mark, isOurs: found !== undefined });
    const { ordered } = await planExtensions(options.extensions, target, id);
    const own: Login = { username: login, password: await password(login) };
    const steps = role.ensure(
      { username: login, database: login, verifier: await scramVerifier(own.password) },
      { ...options, extensions: [...ordered] },
    );
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
    if (found) await runSteps(role.disable({ username: found.login }), targetFor(server, found.login));
  },

  drop: async (server, mark) => {
    const { login, taken } = await look(server, async (ask) => {
      const found = await markedExactly(ask, mark);
      return { login: found?.login, taken: found ? await takenNames(ask, found.login, true) : [] };
    });
    if (login === undefined) return;
    assertNotTaken(taken, server, login, { id: login, mark, isOurs: true });
    await runSteps(role.drop({ username: login, database: login }), targetFor(server, login));
  },
};

const targetFor = ({ host, port, tls, administrator }: RemoteServer, database: string): StepTarget => ({
  host,
  port,
  tls,
  administrator,
  database,
  ...(administrator.database !== undefined && { maintenance: administrator.database }),
});

const look = <T>(server: RemoteServer, work: (ask: Ask) => Promise<T>): Promise<T> => {
  const { administrator } = server;
  return connected(server, administrator, maintenanceOf({ maintenance: administrator.database }), (client) =>
    work((text, place) => query(client, text, place)),
  );
};

const markedExactly = async (ask: Ask, mark: string) => {
  const found = await findMarked(ask, [mark]);
  return found?.mark === mark ? found : undefined;
};

interface Claimed {
  readonly id: string;
  readonly mark: string;
  /** Whether the role is ours; then only its database can be somebody else's. */
  readonly isOurs: boolean;
}

const assertNotTaken = (
  taken: Awaited<ReturnType<typeof takenNames>>,
  server: RemoteServer,
  login: string,
  { id, mark, isOurs }: Claimed,
): void => {
  if (taken.length === 0) return;
  const where = `${server.host}:${server.port}`;
  throw fault(
    "NAME_TAKEN",
    `${where} has ${taken.map(({ what }) => `a ${what} ${login}`).join(" and ")} that this environment did not make: nothing was touched`,
    "give the environment another name, or the setting another id" +
      (isOurs ? "" : `; if the role was made for this very setting, say so to the server: ${renew(login, mark).run}`),
    id,
  );
};

const versionNotes = async (ask: Ask, server: RemoteServer, { version }: PostgresLeaseOptions, id: string): Promise<readonly string[]> => {
  const [row] = await ask("show server_version_num", "ask for the version");
  const major = Math.floor(Number(row?.["server_version_num"]) / 10_000);
  return String(major) === version
    ? []
    : [`${server.host}:${server.port} is PostgreSQL ${major}, and "${id}" asks for ${version}: say which one it is, by \`version\``];
};
