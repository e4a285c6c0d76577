import type { Client, QueryResultRow } from "pg";
import { codeOf, fault } from "../../errors";
import type { Step } from "../../kind";
import { type Address, clientFor, connectFault, type Login, reasonOf } from "./client";

/** The server on which role steps run, and the administrator that runs them. */
export interface StepTarget extends Address {
  readonly administrator: Login;
  /** The setting's own database, for steps `on: "database"`. */
  readonly database: string;
  /**
   * Database to which the administrator connects for server-wide steps.
   * @default "postgres"
   */
  readonly maintenance?: string | undefined;
}

/** The default database for server-wide steps. */
export const MAINTENANCE_DATABASE = "postgres";

/**
 * Runs `work` with a connection, and always closes it. A statement may take 30 s.
 * @throws EndowError `PASSWORD_REFUSED` and `LOGIN_REFUSED` if the server rejects the login, `SERVER_UNREACHABLE` if it does not answer,
 * `TLS_FAILED`, `CA_UNREADABLE`, `STATEMENT_REFUSED` with the server's SQLSTATE; never the server's message, which can quote a value.
 */
export const connected = async <T>(address: Address, login: Login, database: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = await clientFor(address, login, database);
  try {
    await client.connect().catch((error: unknown) => {
      throw connectFault(error, address, login, database);
    });
    return await work(client);
  } finally {
    await client.end();
  }
};

/**
 * Runs role steps in order and returns how many changed something; skips a step whose `unless` returns a row.
 * Concurrent runs on one server are serialized, even across processes.
 * @throws EndowError as `connected`; `STATEMENT_REFUSED` names the step by its leading keywords.
 */
export const runSteps = (steps: readonly Step[], target: StepTarget): Promise<number> =>
  connected(target, target.administrator, maintenanceOf(target), async (server) => {
    // A session-level lock: the server releases it when this connection closes or is lost.
    await query(server, "select pg_advisory_lock(hashtext('endow role steps'))", "wait for other role steps");
    let done = 0;
    for (const [index, step] of steps.entries()) {
      const place = `role step ${index + 1} of ${steps.length}, "${intent(step.run)}"`;
      const carryOut = (client: Client) => runStep(client, step, place);
      const worked = await (step.on === "server" ? carryOut(server) : connected(target, target.administrator, target.database, carryOut));
      if (worked) done += 1;
    }
    return done;
  });

const runStep = async (client: Client, { unless, run, generates = false }: Step, place: string): Promise<boolean> => {
  if (unless !== undefined && (await query(client, unless, `${place}: checking whether it is needed`)).length > 0) return false;
  const rows = await query(client, run, place);
  if (!generates) return true;
  const statements = rows.flatMap((row) => Object.values(row)).map(String);
  for (const statement of statements) await query(client, statement, `${place}, "${intent(statement)}"`);
  return statements.length > 0;
};

/** An SQL condition: true if no step is needed, as far as the steps can tell. */
export const isDone = (steps: readonly Step[]): string =>
  ["true", ...steps.flatMap(({ unless }) => (unless === undefined ? [] : [`exists (${unless})`]))].join(" and ");

/** Runs one statement and returns its rows. `place` describes its purpose, without values. */
export const query = async <Row extends QueryResultRow = Record<string, unknown>>(
  client: Client,
  text: string,
  place: string,
  values?: readonly unknown[],
): Promise<Row[]> => {
  try {
    const { rows } = await client.query<Row>(text, values === undefined ? undefined : [...values]);
    return rows;
  } catch (error) {
    throw fault(
      "STATEMENT_REFUSED",
      `PostgreSQL refused this: ${place} (${reasonOf(error)})`,
      codeOf(error) === "42501"
        ? "the administrator lacks the privilege: grant it or use another administrator, then retry"
        : "look up the SQLSTATE in PostgreSQL's list of error codes; it is safe to retry",
    );
  }
};

/** The database to which the administrator connects for server-wide steps. */
export const maintenanceOf = ({ maintenance = MAINTENANCE_DATABASE }: Pick<StepTarget, "maintenance">): string => maintenance;

/** The leading keywords of a statement: everything before its first name or value. */
const intent = (statement: string): string => /^\s*([a-z]+(?: [a-z]+)*)/i.exec(statement)?.[1] ?? "statement";
