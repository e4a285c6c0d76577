import { Client, DatabaseError } from "pg";
import { codeOf, fault } from "../errors";
import type { Step } from "../kind";

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** A PostgreSQL server on 127.0.0.1. */
export interface Address {
  readonly port: number;
}

/** Where role steps run, and as whom. */
export interface StepTarget extends Address {
  readonly administrator: Login;
  readonly role?: Login;
  /** The setting's own database, for steps `on: "database"`. */
  readonly database: string;
}

/** Where an administrator works on the server as a whole. */
export const MAINTENANCE_DATABASE = "postgres";

/**
 * One connection for the length of `work`, closed in all cases. Connecting may take 2 s, a statement 30 s.
 * @throws EndowError `PASSWORD_REFUSED` for a login that the server does not take, `SERVER_NOT_READY` when it does not answer,
 * `STATEMENT_REFUSED` with the server's SQLSTATE; never the server's own sentence, which can quote a value.
 */
export const connected = async <T>({ port }: Address, login: Login, database: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = open(port, login, database);
  try {
    await client.connect().catch((error: unknown) => {
      throw connectFault(error, port, login, database);
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
  connected(target, target.administrator, MAINTENANCE_DATABASE, async (server) => {
    // Held by the session: the server lets it go when this connection ends, however it ends.
    await query(server, "select pg_advisory_lock(hashtext('endow role steps'))", "wait for other role steps");
    let done = 0;
    for (const [index, step] of steps.entries()) {
      const place = `role step ${index + 1} of ${steps.length}, "${intent(step.run)}"`;
      const carryOut = (client: Client) => runStep(client, step, place);
      const here = step.on === "server" && step.as === "administrator";
      const worked = await (here ? carryOut(server) : connected(target, loginFor(step, target), databaseFor(step, target), carryOut));
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
export const query = async (
  client: Client,
  text: string,
  place: string,
  values?: readonly unknown[],
): Promise<Record<string, unknown>[]> => {
  try {
    const { rows } = await client.query<Record<string, unknown>>(text, values === undefined ? undefined : [...values]);
    return rows;
  } catch (error) {
    throw fault(
      "STATEMENT_REFUSED",
      `PostgreSQL refused this: ${place} (${reasonOf(error)})`,
      "look the SQLSTATE up in PostgreSQL's appendix of error codes; running the same command again is safe",
    );
  }
};

const loginFor = (step: Step, { administrator, role }: StepTarget): Login => {
  if (step.as === "administrator") return administrator;
  if (role === undefined)
    throw fault("STEP_IMPOSSIBLE", `the role step "${intent(step.run)}" wants the role's own login`, "report this as a bug of the kind");
  return role;
};

const databaseFor = (step: Step, { database }: StepTarget) => (step.on === "database" ? database : MAINTENANCE_DATABASE);

/** The leading keywords of a statement: everything before its first name or value. */
const intent = (statement: string): string => /^\s*([a-z]+(?: [a-z]+)*)/i.exec(statement)?.[1] ?? "statement";

const open = (port: number, { username, password }: Login, database: string): Client => {
  const client = new Client({
    host: "127.0.0.1",
    port,
    user: username,
    password,
    database,
    ssl: false,
    application_name: "endow",
    connectionTimeoutMillis: 2000,
    // Said here so that PGOPTIONS of the caller's environment is not taken.
    options: "-c statement_timeout=30000 -c client_min_messages=warning",
  });
  // A connection lost in the middle is reported by the query that waits on it; without a listener it would end the process.
  client.on("error", () => undefined);
  return client;
};

const connectFault = (error: unknown, port: number, login: Login, database: string) => {
  const who = `${login.username} on 127.0.0.1:${port}/${database}`;
  if (codeOf(error) === "28P01") {
    return fault(
      "PASSWORD_REFUSED",
      `PostgreSQL does not take the recorded password of ${who} (SQLSTATE 28P01)`,
      "stop this server and start it again: the passwords are set anew, and no data is lost",
    );
  }
  const fix = "see the last lines of the server's log";
  if (!(error instanceof DatabaseError))
    return fault("SERVER_NOT_READY", `PostgreSQL does not answer on 127.0.0.1:${port} (${reasonOf(error)})`, fix);
  const code = error.code?.startsWith("57P") ? "SERVER_NOT_READY" : "LOGIN_REFUSED";
  return fault(code, `PostgreSQL does not let in ${who} (${reasonOf(error)})`, fix);
};

const reasonOf = (error: unknown): string => {
  const code = codeOf(error);
  if (error instanceof DatabaseError) return `SQLSTATE ${code ?? "unknown"}`;
  return code ?? (error instanceof Error ? error.message : "connection lost");
};
