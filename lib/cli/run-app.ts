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
 * Runs an app in the foreground, with this process's input and output, and forwards the signals that this process receives. A SIGINT or
 * SIGQUIT in the foreground of a terminal is taken for a key press that the app received as well: it is forwarded only if repeated. In
 * CI, the environment's servers are held while the app runs.
 *
 * @returns the app's exit code, or 128 plus the signal's number if a signal ended it.
 * @throws EndowError `COMMAND_NOT_FOUND`, `COMMAND_NOT_STARTED`, and those of `tooLarge`
 */
export const runApp = async ({ command, cwd, env, folder }: AppProcess): Promise<number> => {
  const [program = "", ...parameters] = command;
  const release = await holdServers(folder);
  const note = noteRun(folder);
  let child: ChildProcess | undefined;
  try {
    child = spawn(program, parameters, { cwd, env: { ...env, ...note.variables }, stdio: "inherit" });
    if (child.pid !== undefined) note.started(child.pid);
    return await exitCodeOfApp(child);
  } catch (error) {
    // The app may be running unrecorded.
    child?.kill();
    throw notStarted({ name: program, command, variables: env }, error);
  } finally {
    note.forget();
    await release();
  }
};

const exitCodeOfApp = async (child: ChildProcess): Promise<number> => {
  const stopForwarding = forwardSignals(child);
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return signal === null ? (code ?? 0) : exitCodeOf(signal);
  } finally {
    stopForwarding();
  }
};

/** Milliseconds within which a second SIGINT is the same key press: a parent such as npm forwards it as well. */
const ONE_PRESS = 500;

const forwardSignals = (child: ChildProcess): (() => void) => {
  let firstPress: number | undefined;
  const isPress = (signal: NodeJS.Signals): boolean => {
    if ((signal !== "SIGINT" && signal !== "SIGQUIT") || !isInForeground()) return false;
    firstPress ??= performance.now();
    return performance.now() - firstPress < ONE_PRESS;
  };
  const forward = (signal: NodeJS.Signals) => {
    // The app already has it, and would treat a second one as a forced exit.
    if (!isPress(signal)) child.kill(signal);
  };
  const signals = [...ENDING, "SIGQUIT"] as const;
  signals.forEach((signal) => process.on(signal, forward));
  return () => signals.forEach((signal) => process.off(signal, forward));
};

const notStarted = (started: Started, error: unknown): EndowError => {
  const { name } = started;
  if (codeOf(error) === "E2BIG") return tooLarge(started);
  if (codeOf(error) === "ENOENT")
    return fault(
      "COMMAND_NOT_FOUND",
      `the program ${JSON.stringify(name)} was not found`,
      "correct the command, or install the program",
      name,
    );
  return fault(
    "COMMAND_NOT_STARTED",
    `${name} cannot be started (${codeOf(error) ?? "unknown reason"})`,
    "check that it is an executable file that you may run",
    name,
  );
};
