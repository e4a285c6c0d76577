import { access, constants } from "node:fs/promises";
import path from "node:path";

/** Skips the running test where something it needs is not so, and says what. */
export const skipUnless = (test: Mocha.Context, isSo: boolean, reason: string): void => {
  if (isSo) return;
  console.log(`SKIP: ${test.test?.fullTitle() ?? "a test"}: ${reason}`);
  test.skip();
};

/** Skips the running test when one of the tools is not on PATH. */
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
