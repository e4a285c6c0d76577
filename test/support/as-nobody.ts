import { execFile } from "node:child_process";
import { chown } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { ProvisionedKind } from "../../lib/kinds/provisioned";
import { cacheFolder } from "../../lib/local/cache";
import { temporaryFolder } from "./local-server";
import { AS_NOBODY, skipUnlessAsNobody } from "./prerequisite";

/** Runs a recipe's whole lifecycle in a non-root process, and returns what the script prints. Skips unless the tests run as root. */
export const wholeLifeAsNobody = async (test: Mocha.Context, recipe: ProvisionedKind, lease: object): Promise<string> => {
  await skipUnlessAsNobody(test);
  const { folder, remove } = await temporaryFolder("nobody");
  try {
    await chown(folder, 65_534, 65_534);
    const script = require.resolve("./whole-life");
    const [program, ...args] = [...AS_NOBODY, process.execPath, script, recipe, JSON.stringify(lease)] as const;
    const environment = { PATH: process.env["PATH"], HOME: folder, TMPDIR: folder, XDG_CACHE_HOME: path.dirname(cacheFolder()) };
    return (await promisify(execFile)(program, args, { env: environment })).stdout;
  } finally {
    await remove();
  }
};
