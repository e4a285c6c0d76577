import { readFile } from "node:fs/promises";
import type { Client, ClientConfig, DatabaseError } from "pg";
import type { Tls } from "../../connection/tls";
import { codeOf, type EndowError, fault } from "../../errors";

export interface Login {
  readonly username: string;
  readonly password: string;
  /**
   * Role that it works as.
   * @default - itself
   */
  readonly role?: string;
}

/** Where a PostgreSQL server is reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** @default - off */
  readonly tls?: Tls;
  /**
   * Milliseconds that connecting may take.
   * @default 10_000
   */
  readonly connectTimeout?: number;
  /**
   * What a person can do about a failure, in the words of whoever runs the server.
   * @default - what fits a server that another party runs
   */
  readonly advice?: Partial<Advice>;
}

/** What a person can do about a failure. */
export interface Advice {
  readonly passwordRefused: string;
  readonly loginRefused: string;
  readonly unreachable: string;
  readonly extensionUnavailable: string;
}

/** A client that is not connected yet. */
export const clientFor = async (address: Address, { username, password, role }: Login, database: string): Promise<Client> => {
  // On use: where nothing has changed, nobody connects.
  const { Client } = await import("pg");
  const client = new Client({
    host: address.host,
    port: address.port,
    user: username,
    password,
    database,
    ssl: await sslFor(address.tls),
    application_name: "endow",
    connectionTimeoutMillis: address.connectTimeout ?? 10_000,
    // The server ends a statement earlier; one that cannot be reached any more does not.
    query_timeout: 60_000,
    // Said here so that PGOPTIONS of the caller's environment is not taken.
    options: ["statement_timeout=30000", "client_min_messages=warning", ...(role === undefined ? [] : [`role=${role}`])]
      .map((setting) => `-c ${setting}`)
      .join(" "),
  });
  // A connection lost in the middle is reported by the query that waits on it; without a listener it would end the process.
  client.on("error", () => undefined);
  return client;
};

/** Why a connection could not be made, in our own words. */
export const connectFault = (error: unknown, address: Address, { username }: Login, database: string): EndowError => {
  const where = `${address.host}:${address.port}`;
  const who = `${username} on ${where}/${database}`;
  const advice = adviceFor(address);
  if (codeOf(error) === "28P01")
    return fault("PASSWORD_REFUSED", `PostgreSQL does not take the password of ${who} (SQLSTATE 28P01)`, advice.passwordRefused);
  if (isFromServer(error)) {
    const code = error.code?.startsWith("57P") ? "SERVER_UNREACHABLE" : "LOGIN_REFUSED";
    return fault(code, `PostgreSQL does not let in ${who} (${reasonOf(error)})`, advice.loginRefused);
  }
  if (isAboutTls(error))
    return fault("TLS_FAILED", `the connection to PostgreSQL on ${where} cannot be protected as asked for (${reasonOf(error)})`, TLS_FIX);
  return fault("SERVER_UNREACHABLE", `PostgreSQL does not answer on ${where} (${reasonOf(error)})`, advice.unreachable);
};

export const adviceFor = ({ advice }: Pick<Address, "advice">): Advice => ({ ...ADVICE, ...advice });

/** By what it holds: to compare its class would load the client. */
const isFromServer = (error: unknown): error is DatabaseError => error instanceof Error && "severity" in error;

/** What the server or the machine says, without a value in it. */
export const reasonOf = (error: unknown): string => {
  const code = codeOf(error);
  if (isFromServer(error)) return `SQLSTATE ${code ?? "unknown"}`;
  return code ?? (error instanceof Error ? error.message : "connection lost");
};

const ADVICE: Advice = {
  passwordRefused: "correct the password, or the name of the user",
  loginRefused:
    "see that the server has this user and this database and lets it in from this machine; " +
    'one that takes encrypted connections only needs tls: { mode: "verify-full" }',
  unreachable: "see that the server runs, and that this machine may reach it by this address",
  extensionUnavailable: "take it out of `extensions`, or have it installed on that server",
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
