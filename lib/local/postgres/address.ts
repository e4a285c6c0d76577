import type { Address } from "../../roles/postgres/client";
import type { ReachableServer } from "../recipe";

export const HOST = "127.0.0.1";

/** Where one of our own servers is reached, and what a person does when it is not. */
export const addressOf = ({ port }: Pick<ReachableServer, "port">): Address => ({
  host: HOST,
  port,
  // The server gives up on a login after five seconds itself.
  connectTimeout: 5_000,
  advice: {
    passwordRefused: "stop this server and start it again: the passwords are set again, and no data is lost",
    loginRefused: "see the last lines of the server's log",
    unreachable: "see the last lines of the server's log",
    extensionUnavailable:
      "take it out of `extensions`, or name a PostgreSQL program that has it (the Debian package postgresql-<version>-pgvector brings vector)",
  },
});
