import { mkdtemp, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { EndowError, codeOf, fault } from "../../errors";
import { processesIn } from "../../supervisor/client";
import { endProcessesIn } from "../../supervisor/end";
import type { LocalServer } from "../recipe";
import { HOST_BASED_AUTHENTICATION, configuration } from "./configuration";
import { SUPERUSER, loginStatements, newVerifiers, recordVerifiers, takesPasswords } from "./logins";
import { DATA_PREFIX, dataFolder, lastWords, majorOf, runProgram } from "./programs";
import { initialize } from "./template";
import { writeInto } from "./write-into";

/**
 * Creates the data folder with our two logins, or checks the existing one, and writes the configuration.
 * If the data folder has other passwords than the recorded ones, resets them while its server is stopped; keeps its data.
 * @throws EndowError `DATA_VERSION_MISMATCH`, `DATA_FOLDER_DAMAGED`, `CREDENTIALS_LOST`, or `DATA_FOLDER_FAILED` with the program's last output
 */
export const prepareCluster = async (server: LocalServer): Promise<void> => {
  const data = dataFolder(server);
  try {
    if (await exists(data)) await check(server, data);
    else await create(server, data);
    await replace(path.join(data, "postgresql.conf"), configuration(server.port));
    await replace(path.join(data, "pg_hba.conf"), HOST_BASED_AUTHENTICATION);
  } catch (error) {
    server.signal.throwIfAborted();
    if (error instanceof EndowError) throw error;
    const why = lastWords(error) || (codeOf(error) ?? String(error));
    throw fault("DATA_FOLDER_FAILED", `the data folder ${data} cannot be prepared:\n    ${why}`, "fix the error above and try again", data);
  }
};

const create = async (server: LocalServer, data: string): Promise<void> => {
  await removeLeftovers(server.folder);
  server.progress(`creating the data folder of PostgreSQL ${majorOf(server.program)} ...`);
  // Created beside its final place and renamed at the end, so that a process killed midway leaves no partial data folder.
  const unfinished = await mkdtemp(path.join(server.folder, `${LEFTOVER}${process.pid}-`));
  try {
    await initialize(server, unfinished, initdbOptions(server), () => setPasswords(server, unfinished));
    await rename(unfinished, data);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
};

const initdbOptions = ({ program }: LocalServer): string[] => [
  `--username=${SUPERUSER}`,
  // Rejects all logins until our own pg_hba.conf is written.
  "--auth=reject",
  "--encoding=UTF8",
  // Sorting by code point does not depend on the machine's libraries, so any build of this version can open the data.
  "--locale=C",
  ...(Number(majorOf(program)) >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : []),
  "--no-sync",
];

const check = async (server: LocalServer, data: string): Promise<void> => {
  await assertVersion(server, data);
  const running = await isInUse(server.folder, data);
  // PostgreSQL removes a dead server's lock file, but not if another program has its process id now.
  if (!running) await rm(path.join(data, "postmaster.pid"), { force: true });
  if (await takesPasswords(data, server.credentials)) return;
  if (running) {
    throw fault(
      "CREDENTIALS_LOST",
      `the server in ${server.folder} is running with passwords other than the recorded ones`,
      "restart it: endow then resets the passwords, and no data is lost",
      server.folder,
    );
  }
  server.progress("resetting the passwords of PostgreSQL ...");
  await setPasswords(server, data);
};

/** Uses single-user mode, which needs no port or password. PostgreSQL ensures that no server is using the data folder. */
const setPasswords = async (server: LocalServer, data: string): Promise<void> => {
  const verifiers = await newVerifiers(server.credentials);
  const options = ["exit_on_error=on", "log_min_error_statement=panic", "log_checkpoints=off"];
  const args = ["--single", "-D", data, ...options.flatMap((option) => ["-c", option]), "template1"];
  await runProgram(server, "postgres", args, { owns: data, input: loginStatements(verifiers) });
  await recordVerifiers(data, verifiers);
};

const assertVersion = async ({ program }: LocalServer, data: string): Promise<void> => {
  const text = await readFile(path.join(data, "PG_VERSION"), "utf8").catch((error: unknown) => {
    throw damagedDataFolder(data, `its PG_VERSION cannot be read (${codeOf(error)})`);
  });
  const found = /^\d+$/.exec(text.trim())?.[0];
  if (found === undefined) throw damagedDataFolder(data, "its PG_VERSION does not hold a version");
  if (found === majorOf(program)) return;
  throw fault(
    "DATA_VERSION_MISMATCH",
    `${data} was created by PostgreSQL ${found}, but ${program.path} is version ${program.version}`,
    `request version ${found}, or migrate the data with pg_dump and pg_restore`,
    data,
  );
};

const damagedDataFolder = (data: string, why: string) =>
  fault(
    "DATA_FOLDER_DAMAGED",
    `${data} is not a PostgreSQL data folder: ${why}`,
    "restore it from a backup, or move it away to start with an empty database",
    data,
  );

const LEFTOVER = "making-";

const removeLeftovers = async (folder: string): Promise<void> => {
  const unfinished = (await readdir(folder)).filter((name) => name.startsWith(LEFTOVER));
  const left = unfinished.filter((name) => !isAlive(Number(name.split("-")[1])));
  for (const name of left) {
    // A process started by the killed run may still be writing there.
    await endProcessesIn(path.join(folder, name));
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
};

/** Whether a server is using a data folder or is about to: it starts in the parent folder. Other servers may be using other versions' data. */
const isInUse = async (folder: string, data: string): Promise<boolean> => {
  const others = (await readdir(folder)).filter((name) => name.startsWith(DATA_PREFIX) && path.join(folder, name) !== data);
  const elsewhere = new Set((await Promise.all(others.map((name) => processesIn(path.join(folder, name))))).flat());
  return (await processesIn(folder)).some((pid) => !elsewhere.has(pid));
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
};

const exists = (file: string) =>
  stat(file).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === "ENOENT") return false;
      throw error;
    },
  );

/** Writes only if the content differs, so a running server's files stay untouched. */
const replace = async (file: string, text: string): Promise<void> => {
  const current = await readFile(file, "utf8").catch(() => undefined);
  if (current !== text) await writeInto(path.dirname(file), path.basename(file), text);
};
