import { connect } from "./connection";
import { checkFolder } from "./folder";
import { platform } from "./platform/current";
import { serve } from "./serve";

const report = (error: unknown) => console.error(new Date().toISOString(), error instanceof Error ? error.message : error);

/** `main.js <folder> <idle timeout>`: keeps the services of a folder running. Exits with 0 at once if another supervisor already does. */
const main = async (given: string, idleTimeout: number): Promise<void> => {
  process.umask(0o077);
  process.on("SIGHUP", () => undefined);
  process.on("SIGINT", () => undefined);
  const folder = checkFolder(given);
  // The lock is not visible across network namespaces (a sandbox, a container); the socket is.
  if ((await platform().takeLock(folder)) === undefined || (await connect(folder)) !== "absent") process.exit(0);
  await serve(folder, idleTimeout, report);
};

const fail = (error: unknown) => {
  report(error);
  process.exit(1);
};

process.on("uncaughtException", fail);
main(process.argv[2] ?? "", Number(process.argv[3])).catch(fail);
