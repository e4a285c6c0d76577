import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { fault } from "../errors";
import { appsIn } from "../local/folder";
import { assertOwn } from "../local/make-folders";
import { readOwnJson, writeOwnFileSync } from "../local/own-file";
import { endProcess } from "../supervisor/end";
import { platform } from "../supervisor/platform/current";
import { identify, isAlive, type Identity } from "../supervisor/processes";

const identity = z.object({ pid: z.number().int().positive(), startTime: z.string(), bootId: z.string() });

/** A command that runs an app, and the app once it was started. */
const record = z.object({ command: identity, run: z.uuid(), app: identity.optional() });

/** In an app's environment: of which run it is. `ENDOW_RUN` would be where a group called `run` has its store. */
const RUN = "_ENDOW_RUN";

/** Milliseconds that an app has to end. */
const PATIENCE = 5_000;

/** What is written down of one run of an app. */
export interface Note {
  /** For the app's environment: by it the app is found when this process is killed before it could write down which one it is. */
  readonly variables: Readonly<Record<string, string>>;
  /** Adds which process is the app. */
  readonly started: (pid: number) => void;
  /** To be called once the app has ended. */
  readonly forget: () => void;
}

/**
 * Writes down in the environment's folder that this process is about to start an app, so that the app is found when this process is
 * killed.
 */
export const noteRun = (environment: string): Note => {
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
 * Ends the apps whose command was killed, with all that they started. A process is known by its start time: a stranger with the same
 * number is left alone.
 *
 * @returns how many apps were ended
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

/** Process ids of apps whose command is at work: they lose their servers when these end. */
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

/** `undefined` when its app has ended meanwhile. */
const read = (file: string): (z.output<typeof record> & { readonly file: string }) | undefined => {
  const found = readOwnJson(file, record);
  if (found === undefined) return undefined;
  if ("value" in found) return { file, ...found.value };
  throw fault(
    "RECORD_DAMAGED",
    `${file} is not what endow wrote there (${found.problem})`,
    "see that no app of yours was left running, then delete the file",
    file,
  );
};

/** The first process of a run. Linux alone tells the environment that a process was started with. */
const startedIn = (run: string): Identity | undefined => {
  const marked = pids().filter((pid) => environOf(pid).includes(`${RUN}=${run}`));
  const first = marked.find((pid) => !marked.includes(platform().find(pid)?.parent ?? 0));
  return first === undefined ? undefined : identify(first);
};

const environOf = (pid: number): readonly string[] => {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // It ended meanwhile, is another user's, or this is not Linux.
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

/** The one list of processes that every platform has. */
const pids = (): readonly number[] => [...platform().workingDirectories().keys()];
