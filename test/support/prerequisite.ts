import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const NOBODY = 65_534;

/** Prefix of a command that runs it as an unprivileged user. Requires root. */
export const AS_NOBODY = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"] as const;

/** Skips the running test if a requirement is not met, and prints the reason. */
export const skipUnless = (test: Mocha.Context, isSo: boolean, reason: string): void => {
  if (isSo) return;
  console.log(`SKIP: ${test.test?.fullTitle() ?? "a test"}: ${reason}`);
  test.skip();
};

/** Skips the running test if one of the tools is not on PATH. */
export const skipWithout = async (test: Mocha.Context, ...tools: string[]): Promise<void> => {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  for (const tool of tools) {
    const found = await Promise.any(folders.map((folder) => access(path.join(folder, tool), constants.X_OK))).then(
      () => true,
      () => false,
    );
    skipUnless(test, found, `${tool} is not on PATH`);
  }
};

/** Skips the running test if another user cannot run the build, for example in a clone below a private home. */
export const skipUnlessAsNobody = async (test: Mocha.Context): Promise<void> => {
  await skipWithout(test, "setpriv");
  skipUnless(test, process.getuid?.() === 0, "only root can run it as another user");
  const [program, ...args] = [...AS_NOBODY, process.execPath, __filename] as const;
  const reached = await promisify(execFile)(program, args, { cwd: "/" }).then(
    () => true,
    () => false,
  );
  skipUnless(test, reached, "the clone or Node is in a folder that other users cannot access");
};
