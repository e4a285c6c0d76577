import type { Address } from "../../roles/postgres/client";
import type { ReachableServer } from "../recipe";

export const HOST = "127.0.0.1";

/** Address of one of our own servers, with advice for connection errors. */
export const addressOf = ({ port }: Pick<ReachableServer, "port">): Address => ({
  host: HOST,
  port,
  // The server itself ends a login attempt after five seconds.
  connectTimeout: 5_000,
  advice: {
    passwordRefused: "restart this server: endow then resets the passwords, and no data is lost",
    loginRefused: "check the last lines of the server's log",
    unreachable: "check the last lines of the server's log",
    extensionUnavailable:
      "remove it from `extensions`, or pass a PostgreSQL program that has it (the Debian package postgresql-<version>-pgvector provides vector)",
  },
});
