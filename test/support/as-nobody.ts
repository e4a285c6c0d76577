import { execFile } from "node:child_process";
import { chown } from "node:fs/promises";
import { promisify } from "node:util";
import type { ProvisionedKind } from "../../lib/kinds";
import { cacheFolder } from "../../lib/local/cache";
import { temporaryFolder } from "./local-server";
import { skipUnless, skipWithout } from "./prerequisite";

/** Runs a recipe's whole life in another process that is not root, and gives what the script prints. Skips where we are not root ourselves. */
export const wholeLifeAsNobody = async (test: Mocha.Context, recipe: ProvisionedKind, lease: object): Promise<string> => {
  await skipWithout(test, "setpriv");
  skipUnless(test, process.getuid?.() === 0, "only root can run it as another user");
  const { folder, remove } = await temporaryFolder("nobody");
  try {
    await chown(folder, 65_534, 65_534);
    const script = require.resolve("./whole-life");
    const { stdout } = await promisify(execFile)(
      "setpriv",
      ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath, script, recipe, JSON.stringify(lease)],
      { env: { PATH: process.env["PATH"], HOME: folder, TMPDIR: folder, XDG_CACHE_HOME: cacheFolder().replace(/\/endow$/, "") } },
    );
    return stdout;
  } finally {
    await remove();
  }
};
