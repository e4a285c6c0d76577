import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { codeOf, fault } from "../errors";
import { endProcess } from "../supervisor/end";
import { platform } from "../supervisor/platform/current";
import { identify, isAlive, type Identity } from "../supervisor/processes";

const identity = z.object({ pid: z.number().int().positive(), startTime: z.string(), bootId: z.string() });

/** An app that a command runs, and that command. */
const record = z.object({ command: identity, app: identity });

/** Milliseconds that an app has to end. */
const PATIENCE = 5_000;

const folderIn = (environment: string) => path.join(environment, "apps");

/**
 * Writes down which process is the app, in the environment's folder, so that it is found when this process is killed.
 *
 * @returns takes the note back; to be called once the app has ended.
 */
export const noteApp = (environment: string, pid: number): (() => void) => {
  const [command, app] = [identify(process.pid), identify(pid)];
  if (command === undefined || app === undefined) return () => undefined;
  const file = path.join(folderIn(environment), `${process.pid}.json`);
  mkdirSync(folderIn(environment), { recursive: true, mode: 0o700 });
  writeFileAtomic.sync(file, `${JSON.stringify({ command, app })}\n`, { mode: 0o600 });
  return () => rmSync(file, { force: true });
};

/**
 * Ends the apps whose command was killed, with all that they started. A process is known by its start time: a stranger with the same
 * number is left alone.
 *
 * @returns how many apps were ended
 * @throws EndowError `RECORD_DAMAGED`
 */
export const endOrphans = async (environment: string): Promise<number> => {
  const orphans = filesIn(folderIn(environment))
    .map((file) => ({ file, ...read(file) }))
    .filter(({ command }) => !isAlive(command));
  const ended = await Promise.all(
    orphans.map(async ({ file, app }) => {
      const alive = isAlive(app);
      if (alive) await Promise.all([app, ...descendantsOf(app)].map((one) => endProcess(one, "SIGTERM", PATIENCE)));
      rmSync(file, { force: true });
      return alive;
    }),
  );
  return ended.filter(Boolean).length;
};

const filesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => path.join(folder, name));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
};

const read = (file: string): z.output<typeof record> => {
  try {
    return record.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw fault(
      "RECORD_DAMAGED",
      `${file} is not what endow wrote there`,
      "see that no app of yours was left running, then delete the file",
      file,
    );
  }
};

const descendantsOf = ({ pid, bootId }: Identity): readonly Identity[] => {
  // The one list of processes that every platform has.
  const all = [...platform().workingDirectories().keys()].flatMap((one) => platform().find(one) ?? []);
  const childrenOf = (parent: number): typeof all => {
    const children = all.filter((entry) => entry.parent === parent);
    return [...children, ...children.flatMap((child) => childrenOf(child.pid))];
  };
  return childrenOf(pid).map((entry) => ({ pid: entry.pid, startTime: entry.startTime, bootId }));
};
