import type { Client, QueryResultRow } from "pg";
import { codeOf, fault } from "../../errors";
import type { Step } from "../../kind";
import { type Address, clientFor, connectFault, type Login, reasonOf } from "./client";

/** Where role steps run, and as whom. */
export interface StepTarget extends Address {
  readonly administrator: Login;
  /** The setting's own database, for steps `on: "database"`. */
  readonly database: string;
  /**
   * Database in which the administrator works on the server as a whole.
   * @default "postgres"
   */
  readonly maintenance?: string | undefined;
}

/** Where an administrator works on a server as a whole, unless told otherwise. */
export const MAINTENANCE_DATABASE = "postgres";

/**
 * One connection for the length of `work`, closed in all cases. A statement may take 30 s.
 * @throws EndowError `PASSWORD_REFUSED` and `LOGIN_REFUSED` for a login that the server does not take, `SERVER_UNREACHABLE` when it does not answer,
 * `TLS_FAILED`, `CA_UNREADABLE`, `STATEMENT_REFUSED` with the server's SQLSTATE; never the server's own sentence, which can quote a value.
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
 * Carries out role steps in order and says how many had something to do; a step whose `unless` finds a row is passed over.
 * Runs on one server take turns, also between processes.
 * @throws EndowError as `connected`; `STATEMENT_REFUSED` names the step by its first words.
 */
export const runSteps = (steps: readonly Step[], target: StepTarget): Promise<number> =>
  connected(target, target.administrator, maintenanceOf(target), async (server) => {
    // Held by the session: the server lets it go when this connection ends, however it ends.
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

const runStep = async (client: Client, { unless, run }: Step, place: string): Promise<boolean> => {
  if (unless !== undefined && (await query(client, unless, `${place}: looking whether it is done`)).length > 0) return false;
  await query(client, run, place);
  return true;
};

/** Rows of one statement. `place` says what it was for, in words without values. */
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
        ? "the administrator lacks the right to it: grant it, or name another administrator; then run the same command again"
        : "look the SQLSTATE up in PostgreSQL's appendix of error codes; running the same command again is safe",
    );
  }
};

/** The database in which the administrator works on a server as a whole. */
export const maintenanceOf = ({ maintenance = MAINTENANCE_DATABASE }: Pick<StepTarget, "maintenance">): string => maintenance;

/** The leading keywords of a statement: everything before its first name or value. */
const intent = (statement: string): string => /^\s*([a-z]+(?: [a-z]+)*)/i.exec(statement)?.[1] ?? "statement";
