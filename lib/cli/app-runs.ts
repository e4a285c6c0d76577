import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod/v4";
import { fault } from "../errors";
import { assertOwn } from "../files/make-folders";
import { readOwnJson, writeOwnFileSync } from "../files/own-file";
import { appsIn } from "../local/folder";
import { endProcess } from "../supervisor/end";
import { platform } from "../supervisor/platform/current";
import { identify, isAlive, type Identity } from "../supervisor/processes";

const identity = z.object({ pid: z.number().int().positive(), startTime: z.string(), bootId: z.string() });

/** A command that runs an app, and the app once it has started. */
const record = z.object({ command: identity, run: z.uuid(), app: identity.optional() });

/** Variable in an app's environment that identifies the run. Not `ENDOW_RUN`, which is the store address of a group called `run`. */
const RUN = "_ENDOW_RUN";

/** Milliseconds an app gets to exit. */
const PATIENCE = 5_000;

/** The record of one run of an app. */
export interface AppRun {
  /** For the app's environment: identifies the app if this process is killed before it records the app's pid. */
  readonly variables: Readonly<Record<string, string>>;
  /** Records the app's process. */
  readonly started: (pid: number) => void;
  /** Deletes the record; call it once the app has exited. */
  readonly forget: () => void;
}

/**
 * Records in the environment's folder that this process is about to start an app, so that the app can be found if this process is
 * killed.
 */
export const noteRun = (environment: string): AppRun => {
  const folder = appsIn(environment);
  const file = path.join(folder, `${process.pid}.json`);
  const begun = { command: identify(process.pid), run: randomUUID() };
  const write = (content: object) => writeOwnFileSync(file, `${JSON.stringify(content)}\n`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  assertOwn(folder);
  write(begun);
  return {
    variables: { [RUN]: begun.run },
    started: (pid) => write({ ...begun, app: identify(pid) }),
    forget: () => rmSync(file, { force: true }),
  };
};

/**
 * Stops apps whose command was killed, and every process they started. Processes are identified by pid and start time: an unrelated
 * process that reuses a pid is left alone.
 *
 * @returns the number of apps stopped
 * @throws EndowError `RECORD_DAMAGED`
 */
export const endOrphans = async (environment: string): Promise<number> => {
  const orphans = filesIn(appsIn(environment))
    .flatMap((file) => read(file) ?? [])
    .filter(({ command }) => !isAlive(command));
  const ended = await Promise.all(
    orphans.map(async ({ file, run, app = startedIn(run) }) => {
      const alive = app !== undefined && isAlive(app);
      if (alive) await Promise.all([app, ...descendantsOf(app)].map((one) => endProcess(one, "SIGTERM", PATIENCE)));
      rmSync(file, { force: true });
      return alive;
    }),
  );
  return ended.filter(Boolean).length;
};

/** Process ids of apps whose command is still running: they lose their servers when the servers stop. */
export const runningApps = (environment: string): readonly number[] =>
  filesIn(appsIn(environment))
    .flatMap((file) => read(file) ?? [])
    .flatMap(({ command, app }) => (app !== undefined && isAlive(command) && isAlive(app) ? [app.pid] : []));

const filesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^\d+\.json$/.test(name))
        .map((name) => path.join(folder, name))
    : [];

/** `undefined` if the app has exited in the meantime. */
const read = (file: string): (z.output<typeof record> & { readonly file: string }) | undefined => {
  const found = readOwnJson(file, record);
  if (found === undefined) return undefined;
  if ("value" in found) return { file, ...found.value };
  throw fault(
    "RECORD_DAMAGED",
    `${file} is damaged (${found.problem})`,
    "make sure that none of your apps is still running, then delete the file",
    file,
  );
};

/** The first process of a run. Only Linux exposes the environment that a process was started with. */
const startedIn = (run: string): Identity | undefined => {
  const marked = pids().filter((pid) => environOf(pid).includes(`${RUN}=${run}`));
  const first = marked.find((pid) => !marked.includes(platform().find(pid)?.parent ?? 0));
  return first === undefined ? undefined : identify(first);
};

const environOf = (pid: number): readonly string[] => {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // The process has exited, belongs to another user, or this is not Linux.
    return [];
  }
};

const descendantsOf = ({ pid, bootId }: Identity): readonly Identity[] => {
  const all = pids().flatMap((one) => platform().find(one) ?? []);
  const childrenOf = (parent: number): typeof all => {
    const children = all.filter((entry) => entry.parent === parent);
    return [...children, ...children.flatMap((child) => childrenOf(child.pid))];
  };
  return childrenOf(pid).map((entry) => ({ pid: entry.pid, startTime: entry.startTime, bootId }));
};

/** The only list of processes that every platform has. */
const pids = (): readonly number[] => [...platform().workingDirectories().keys()];
