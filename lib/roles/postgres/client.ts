import { readFile } from "node:fs/promises";
import type { Client, ClientConfig, DatabaseError } from "pg";
import type { Tls } from "../../connection/tls";
import { codeOf, type EndowError, fault } from "../../errors";

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Where a PostgreSQL server is reached. */
export interface Address {
  /**
   * Set for a server that somebody else runs.
   * @default - one of ours, on 127.0.0.1
   */
  readonly host?: string;
  readonly port: number;
  /** @default - off */
  readonly tls?: Tls;
}

/** A client that is not connected yet. */
export const clientFor = async (address: Address, { username, password }: Login, database: string): Promise<Client> => {
  const { host = OURS, port } = address;
  // On use: where nothing has changed, nobody connects.
  const { Client } = await import("pg");
  const client = new Client({
    host,
    port,
    user: username,
    password,
    database,
    ssl: await sslFor(address.tls),
    application_name: "endow",
    // Our own server gives up on a login after five seconds itself.
    connectionTimeoutMillis: address.host === undefined ? 5_000 : 10_000,
    // The server ends a statement earlier; one that cannot be reached any more does not.
    query_timeout: 60_000,
    // Said here so that PGOPTIONS of the caller's environment is not taken.
    options: "-c statement_timeout=30000 -c client_min_messages=warning",
  });
  // A connection lost in the middle is reported by the query that waits on it; without a listener it would end the process.
  client.on("error", () => undefined);
  return client;
};

/** Why a connection could not be made, in our own words. */
export const connectFault = (error: unknown, address: Address, { username }: Login, database: string): EndowError => {
  const { host = OURS, port } = address;
  const advice = address.host === undefined ? OURS_ADVICE : THEIRS_ADVICE;
  const who = `${username} on ${host}:${port}/${database}`;
  if (codeOf(error) === "28P01")
    return fault("PASSWORD_REFUSED", `PostgreSQL does not take the ${advice.password} of ${who} (SQLSTATE 28P01)`, advice.refused);
  if (isFromServer(error)) {
    const code = error.code?.startsWith("57P") ? advice.unreachableCode : "LOGIN_REFUSED";
    return fault(code, `PostgreSQL does not let in ${who} (${reasonOf(error)})`, advice.notLetIn);
  }
  if (isAboutTls(error))
    return fault(
      "TLS_FAILED",
      `the connection to PostgreSQL on ${host}:${port} cannot be protected as asked for (${reasonOf(error)})`,
      TLS_FIX,
    );
  return fault(advice.unreachableCode, `PostgreSQL does not answer on ${host}:${port} (${reasonOf(error)})`, advice.unreachable);
};

/** By what it holds: to compare its class would load the client. */
const isFromServer = (error: unknown): error is DatabaseError => error instanceof Error && "severity" in error;

/** What the server or the machine says, without a value in it. */
export const reasonOf = (error: unknown): string => {
  const code = codeOf(error);
  if (isFromServer(error)) return `SQLSTATE ${code ?? "unknown"}`;
  return code ?? (error instanceof Error ? error.message : "connection lost");
};

const OURS = "127.0.0.1";

const OURS_ADVICE = {
  password: "recorded password",
  refused: "stop this server and start it again: the passwords are set anew, and no data is lost",
  unreachableCode: "SERVER_NOT_READY",
  unreachable: "see the last lines of the server's log",
  notLetIn: "see the last lines of the server's log",
};

const THEIRS_ADVICE: typeof OURS_ADVICE = {
  password: "password",
  refused: "correct the password, or the name of the user",
  unreachableCode: "SERVER_UNREACHABLE",
  unreachable: "see that the server runs, and that this machine may reach it by this address",
  notLetIn:
    "see that the server has this user and this database and lets it in from this machine; " +
    'one that takes encrypted connections only needs tls: { mode: "verify-full" }',
};

const TLS_FIX = "correct `tls`: its mode, and in `ca` the file with the authority that signed the server's certificate";

const isAboutTls = (error: unknown): boolean =>
  /CERT|TLS|SSL|ISSUER|SIGNATURE/.test(codeOf(error) ?? "") || (error instanceof Error && error.message.includes("SSL"));

const sslFor = async ({ mode, ca }: Tls = { mode: "off" }): Promise<ClientConfig["ssl"]> => {
  if (mode === "off") return false;
  if (mode === "require") return { rejectUnauthorized: false };
  return { rejectUnauthorized: true, ...(ca !== undefined && { ca: await authorities(ca) }) };
};

const authorities = (file: string): Promise<string> =>
  readFile(file, "utf8").catch((error: unknown) => {
    throw fault(
      "CA_UNREADABLE",
      `the file ${file} with the authorities to trust cannot be read (${codeOf(error) ?? "unknown reason"})`,
      "correct the path in `tls.ca`, or make the file readable",
      file,
    );
  });
