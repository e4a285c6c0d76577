import { once } from "../internal/once";

/** Whether Pulumi's language host has started this process, which then shares its environment with the engine. A program of the Automation API does not. */
export const isRunByLanguageHost = (startedAs = process.argv[1] ?? ""): boolean =>
  /[/\\]@pulumi[/\\]pulumi[/\\]cmd[/\\]run/.test(startedAs);

/** Milliseconds between two looks at whether the language host still lives. */
const INTERVAL = 1_000;

/**
 * Ends this program once the language host is gone, as it is after the engine was killed. Pulumi's SDK goes on for ever in a program with a hook:
 * it tries to reach the server that the engine was to call the hook by.
 */
export const endWithLanguageHost = once(() => {
  if (!isRunByLanguageHost()) return;
  const host = process.ppid;
  setInterval(() => {
    if (process.ppid !== host) process.exit(1);
  }, INTERVAL).unref();
});
