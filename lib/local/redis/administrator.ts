import type { Redis } from "ioredis";
import { fault } from "../../errors";
import type { ReachableServer } from "../recipe";
import { ADMINISTRATOR } from "./access";

/**
 * Runs `work` over a new connection as the administrator, then closes the connection.
 * @throws EndowError `PASSWORD_REFUSED`, `SERVER_UNREACHABLE` or `COMMAND_REFUSED`. The client's own errors contain the arguments of the failed
 * command, which may be `AUTH`, so they are never passed on.
 */
export const asAdministrator = async <T>(server: ReachableServer, work: (client: Redis) => Promise<T>): Promise<T> => {
  // Loaded on use: most runs have nothing to change and do not connect.
  const { Redis } = await import("ioredis");
  const client = new Redis({
    host: "127.0.0.1",
    port: server.port,
    username: ADMINISTRATOR,
    password: await server.credentials.get(ADMINISTRATOR),
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: 5000,
    commandTimeout: 30_000,
    disableClientInfo: true,
  });
  let problem: Error | undefined;
  client.on("error", (error: Error) => (problem ??= error));
  try {
    await connected(client, server, () => problem);
    return await work(client).catch((error: Error) => {
      throw fault("COMMAND_REFUSED", `${server.name} refused a command: ${error.message}`, "check the last lines of the server's log");
    });
  } finally {
    client.disconnect();
  }
};

const connected = async (client: Redis, server: ReachableServer, problem: () => Error | undefined): Promise<void> => {
  try {
    await client.connect();
  } catch (error) {
    const { message } = problem() ?? (error as Error);
    if (/^(WRONGPASS|NOAUTH)/.test(message))
      throw fault(
        "PASSWORD_REFUSED",
        `${server.name} rejects its administrator's recorded password`,
        "restart this server: endow then resets the password, and no data is lost",
      );
    throw fault(
      "SERVER_UNREACHABLE",
      `${server.name} does not answer on 127.0.0.1:${server.port}: ${message}`,
      "check the last lines of its log",
    );
  }
};
