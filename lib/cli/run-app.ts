import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { codeOf, type EndowError, fault } from "../errors";
import { holdServers } from "../local/lock/ci-lifetime";
import { type Started, tooLarge } from "../local/process/size";
import { noteRun } from "./app-runs";
import { isInForeground } from "./foreground";
import { ENDING, exitCodeOf } from "./signals";

export interface AppProcess {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The environment's folder. */
  readonly folder: string;
}

/**
 * Runs an app in the foreground, with this process's input and output, and passes on the signals that this process gets. A SIGINT or
 * SIGQUIT in the foreground of a terminal is taken for a key that the app got as well: it is passed on when it is repeated. In CI the
 * environment's servers are held meanwhile.
 *
 * @returns the app's exit code; for one that a signal ended, 128 and the signal's number.
 * @throws EndowError `COMMAND_NOT_FOUND`, `COMMAND_NOT_STARTED`, and those of `tooLarge`
 */
export const runApp = async ({ command, cwd, env, folder }: AppProcess): Promise<number> => {
  const [program = "", ...parameters] = command;
  const letGo = await holdServers(folder);
  const note = noteRun(folder);
  let child: ChildProcess | undefined;
  try {
    child = spawn(program, parameters, { cwd, env: { ...env, ...note.variables }, stdio: "inherit" });
    if (child.pid !== undefined) note.started(child.pid);
    return await exitCodeOfApp(child);
  } catch (error) {
    // It may run, and not be written down.
    child?.kill();
    throw notStarted({ name: program, command, variables: env }, error);
  } finally {
    note.forget();
    await letGo();
  }
};

const exitCodeOfApp = async (child: ChildProcess): Promise<number> => {
  const stopPassing = passSignals(child);
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return signal === null ? (code ?? 0) : exitCodeOf(signal);
  } finally {
    stopPassing();
  }
};

/** Milliseconds in which a second SIGINT is the same key press: a runner above, such as npm, passes it on as well. */
const ONE_PRESS = 500;

const passSignals = (child: ChildProcess): (() => void) => {
  let firstPress: number | undefined;
  const isPress = (signal: NodeJS.Signals): boolean => {
    if ((signal !== "SIGINT" && signal !== "SIGQUIT") || !isInForeground()) return false;
    firstPress ??= performance.now();
    return performance.now() - firstPress < ONE_PRESS;
  };
  const pass = (signal: NodeJS.Signals) => {
    // The app has it already, and would take a second one for impatience.
    if (!isPress(signal)) child.kill(signal);
  };
  const signals = [...ENDING, "SIGQUIT"] as const;
  signals.forEach((signal) => process.on(signal, pass));
  return () => signals.forEach((signal) => process.off(signal, pass));
};

const notStarted = (started: Started, error: unknown): EndowError => {
  const { name } = started;
  if (codeOf(error) === "E2BIG") return tooLarge(started);
  if (codeOf(error) === "ENOENT")
    return fault("COMMAND_NOT_FOUND", `there is no program ${JSON.stringify(name)}`, "correct the command, or install the program", name);
  return fault(
    "COMMAND_NOT_STARTED",
    `${name} could not be started (${codeOf(error) ?? "unknown reason"})`,
    "check that it is a program that you may run",
    name,
  );
};
