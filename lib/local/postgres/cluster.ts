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
 * Makes the data folder with our two logins in it, or checks the one that is there, and writes the configuration.
 * A data folder that does not take the recorded passwords gets them set anew while its server is stopped; its data stays.
 * @throws EndowError `DATA_VERSION_MISMATCH`, `DATA_FOLDER_DAMAGED`, `CREDENTIALS_LOST`, or `DATA_FOLDER_FAILED` with the program's last words.
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
    throw fault(
      "DATA_FOLDER_FAILED",
      `the data folder ${data} cannot be made ready:\n    ${why}`,
      "put right what is said above and try again",
      data,
    );
  }
};

const create = async (server: LocalServer, data: string): Promise<void> => {
  await removeLeftovers(server.folder);
  server.progress(`making the data folder of PostgreSQL ${majorOf(server.program)} ...`);
  // Beside its final place and renamed at the end, so that a process killed midway leaves no half-made data folder.
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
  // Our own pg_hba.conf follows; until then nobody gets in.
  "--auth=reject",
  "--encoding=UTF8",
  // Sorting by code point does not change with the machine's libraries, so the same data can be opened by any build of this version.
  "--locale=C",
  ...(Number(majorOf(program)) >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : []),
  "--no-sync",
];

const check = async (server: LocalServer, data: string): Promise<void> => {
  await assertVersion(server, data);
  const running = await isInUse(server.folder, data);
  // PostgreSQL removes a lock file that a dead server left, but not when another program has got that process id since.
  if (!running) await rm(path.join(data, "postmaster.pid"), { force: true });
  if (await takesPasswords(data, server.credentials)) return;
  if (running) {
    throw fault(
      "CREDENTIALS_LOST",
      `the server in ${server.folder} runs with passwords that are not the recorded ones`,
      "stop it and start it again: the passwords are set anew, and no data is lost",
      server.folder,
    );
  }
  server.progress("setting the passwords of PostgreSQL anew ...");
  await setPasswords(server, data);
};

/** In single-user mode: without a network port or a password, and only while no server uses the data folder, which PostgreSQL checks. */
const setPasswords = async (server: LocalServer, data: string): Promise<void> => {
  const verifiers = await newVerifiers(server.credentials);
  const options = ["exit_on_error=on", "log_min_error_statement=panic", "log_checkpoints=off"];
  const args = ["--single", "-D", data, ...options.flatMap((option) => ["-c", option]), "template1"];
  await runProgram(server, "postgres", args, { owns: data, input: loginStatements(verifiers) });
  await recordVerifiers(data, verifiers);
};

const assertVersion = async ({ program }: LocalServer, data: string): Promise<void> => {
  const text = await readFile(path.join(data, "PG_VERSION"), "utf8").catch((error: unknown) => {
    throw noDataFolder(data, `its PG_VERSION cannot be read (${codeOf(error)})`);
  });
  const found = /^\d+$/.exec(text.trim())?.[0];
  if (found === undefined) throw noDataFolder(data, "its PG_VERSION does not hold a version");
  if (found === majorOf(program)) return;
  throw fault(
    "DATA_VERSION_MISMATCH",
    `${data} was made by PostgreSQL ${found}, and ${program.path} is ${program.version}`,
    `ask for version ${found}, or move the data with pg_dump and pg_restore`,
    data,
  );
};

const noDataFolder = (data: string, why: string) =>
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
    // What a killed run had started may still write there.
    await endProcessesIn(path.join(folder, name));
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
};

/** Whether a server works on a data folder, or is about to: it starts in the folder above. Others may work on data of other versions. */
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

/** Writes only what differs: a server that runs keeps its files untouched. */
const replace = async (file: string, text: string): Promise<void> => {
  const current = await readFile(file, "utf8").catch(() => undefined);
  if (current !== text) await writeInto(path.dirname(file), path.basename(file), text);
};
