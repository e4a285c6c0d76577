import { access, constants } from "node:fs/promises";
import path from "node:path";

/** Skips the running test, and says why, when one of the tools is not on PATH. */
export const skipWithout = async (test: Mocha.Context, ...tools: string[]): Promise<void> => {
  for (const tool of tools) {
    const folders = (process.env["PATH"] ?? "").split(path.delimiter);
    const found = await Promise.any(folders.map((folder) => access(path.join(folder, tool), constants.X_OK))).then(
      () => true,
      () => false,
    );
    if (found) continue;
    console.log(`SKIP: ${test.test?.fullTitle() ?? "a test"}: ${tool} is not on PATH`);
    test.skip();
  }
};
