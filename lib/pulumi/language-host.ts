import { once } from "../internal/once";

/** Whether Pulumi's language host started this process, which then shares the engine's environment. An inline Automation API program does not. */
export const isRunByLanguageHost = (startedAs = process.argv[1] ?? ""): boolean =>
  /[/\\]@pulumi[/\\]pulumi[/\\]cmd[/\\]run/.test(startedAs);

/** Milliseconds between checks that the language host is still alive. */
const INTERVAL = 1_000;

/**
 * Exits this program when the language host is gone, for example after the engine was killed. In a program with a hook, Pulumi's SDK would otherwise
 * keep running forever, because it keeps trying to reach the callback server that the engine calls hooks through.
 */
export const endWithLanguageHost = once(() => {
  if (!isRunByLanguageHost()) return;
  const host = process.ppid;
  setInterval(() => {
    if (process.ppid !== host) process.exit(1);
  }, INTERVAL).unref();
});
