import { setTimeout as wait } from "node:timers/promises";
import { readState } from "../../local/state-files";
import { interruptible, Interruption } from "../signals";
import { unknownServer } from "../server-options";
import type { CommonOptions } from "../options";
import { print, say } from "../output";
import { environmentStatus } from "../servers";
import { locateLocal } from "../session";
import { lastLines, newLines, type LogPosition } from "../tail";

interface LogsOptions extends CommonOptions {
  readonly lines: number;
  readonly follow?: boolean;
}

/** Milliseconds between two reads of a log. */
const PAUSE = 200;

/** `endow logs`: prints the servers' logs; with `--follow`, until a signal ends it. */
export const logs = async (server: string | undefined, { lines, follow, ...options }: LogsOptions): Promise<number> => {
  const { folder } = locateLocal(options);
  const { servers: services } = await environmentStatus(folder, await readState(folder));
  const names = services.map(({ name }) => name);
  if (server !== undefined && !names.includes(server)) throw unknownServer(server, names, "server");
  const chosen = services.filter(({ name }) => server === undefined || name === server);
  if (chosen.length === 0) say("there are no logs yet: `endow dev` starts the servers");
  const width = Math.max(...chosen.map(({ name }) => name.length));
  const show = (name: string, text: readonly string[]) =>
    text.forEach((line) => print(server === undefined ? `${name.padEnd(width)} | ${line}` : line));

  const places = new Map<string, LogPosition>();
  for (const { name, log } of chosen) {
    const { text, place } = await lastLines(log, lines);
    show(name, text);
    places.set(name, place);
  }
  if (!follow || chosen.length === 0) return 0;
  return untilInterrupted(async () => {
    for (const { name, log } of chosen) {
      const { text, place } = await newLines(log, places.get(name));
      show(name, text);
      places.set(name, place);
    }
  });
};

/** Repeats until interrupted, which is how following ends and not an error. */
const untilInterrupted = (poll: () => Promise<void>): Promise<number> =>
  interruptible(async (signal): Promise<never> => {
    for (;;) {
      await poll();
      await wait(PAUSE, undefined, { signal });
    }
  }).catch((error: unknown) => {
    if (error instanceof Interruption) return error.exitCode;
    throw error;
  });
