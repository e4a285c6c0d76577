import { readFile } from "node:fs/promises";
import type { Client, ClientConfig, DatabaseError } from "pg";
import type { Tls } from "../../connection/tls";
import { codeOf, type EndowError, fault } from "../../errors";

export interface Login {
  readonly username: string;
  readonly password: string;
  /**
   * Role to use after login.
   * @default - the login itself
   */
  readonly role?: string;
}

/** The address of a PostgreSQL server. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** @default - off */
  readonly tls?: Tls;
  /**
   * Connect timeout in milliseconds.
   * @default 10_000
   */
  readonly connectTimeout?: number;
  /**
   * Fixes for failures, worded for the owner of this server.
   * @default - worded for a server that a third party runs
   */
  readonly advice?: Partial<Advice>;
}

/** Fixes for failures. */
export interface Advice {
  readonly passwordRefused: string;
  readonly loginRefused: string;
  readonly unreachable: string;
  readonly extensionUnavailable: string;
}

/** A client that is not connected yet. */
export const clientFor = async (address: Address, { username, password, role }: Login, database: string): Promise<Client> => {
  // Loaded on use: without changes, nothing connects.
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
    // The server cancels statements earlier, but not if the connection is lost.
    query_timeout: 60_000,
    // Set here so that PGOPTIONS in the caller's environment is ignored.
    options: ["statement_timeout=30000", "client_min_messages=warning", ...(role === undefined ? [] : [`role=${role}`])]
      .map((setting) => `-c ${setting}`)
      .join(" "),
  });
  // The pending query reports a lost connection; without a listener the event would crash the process.
  client.on("error", () => undefined);
  return client;
};

/** Makes the error for a failed connection, without the server's own message. */
export const connectFault = (error: unknown, address: Address, { username }: Login, database: string): EndowError => {
  const where = `${address.host}:${address.port}`;
  const who = `${username} on ${where}/${database}`;
  const advice = adviceFor(address);
  if (codeOf(error) === "28P01")
    return fault("PASSWORD_REFUSED", `PostgreSQL rejected the password of ${who} (SQLSTATE 28P01)`, advice.passwordRefused);
  if (isFromServer(error)) {
    const code = error.code?.startsWith("57P") ? "SERVER_UNREACHABLE" : "LOGIN_REFUSED";
    return fault(code, `PostgreSQL rejected the login of ${who} (${reasonOf(error)})`, advice.loginRefused);
  }
  if (isAboutTls(error))
    return fault("TLS_FAILED", `cannot establish the requested TLS connection to PostgreSQL on ${where} (${reasonOf(error)})`, TLS_FIX);
  return fault("SERVER_UNREACHABLE", `PostgreSQL does not answer on ${where} (${reasonOf(error)})`, advice.unreachable);
};

export const adviceFor = ({ advice }: Pick<Address, "advice">): Advice => ({ ...ADVICE, ...advice });

/** Duck-typed, because checking the class would load the client. */
const isFromServer = (error: unknown): error is DatabaseError => error instanceof Error && "severity" in error;

/** The error code of the server or the system, without values. */
export const reasonOf = (error: unknown): string => {
  const code = codeOf(error);
  if (isFromServer(error)) return `SQLSTATE ${code ?? "unknown"}`;
  return code ?? (error instanceof Error ? error.message : "connection lost");
};

const ADVICE: Advice = {
  passwordRefused: "correct the password or the user name",
  loginRefused:
    "check that the server has this user and this database and allows logins from this machine; " +
    'if it accepts only encrypted connections, set tls: { mode: "verify-full" }',
  unreachable: "check that the server is running and that this machine can reach it at this address",
  extensionUnavailable: "remove it from `extensions`, or install it on that server",
};

const TLS_FIX = "correct `tls`: its mode, and in `ca` the file with the CA that signed the server's certificate";

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
      `the CA file ${file} cannot be read (${codeOf(error) ?? "unknown reason"})`,
      "correct the path in `tls.ca`, or make the file readable",
      file,
    );
  });
