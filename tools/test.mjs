// @ts-check
// `npm test`: all checks required before a change is merged. Needs only Node and npm: its first step installs the rest.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { endLeftovers } from "./checks/leftovers.mjs";
import { runSteps } from "./checks/run-steps.mjs";
import { help, select } from "./checks/select.mjs";
import { steps } from "./checks/steps.mjs";
import { skipReport, summaryLine } from "./checks/summary.mjs";
import { temporaryPlace } from "./checks/temporary.mjs";
import { root } from "./root.mjs";
import { requireNode } from "./setup.mjs";

const main = async () => {
  requireNode();
  const { values, positionals: paths } = parseArgs({
    options: { only: { type: "string", multiple: true }, help: { type: "boolean" } },
    allowPositionals: true,
  });
  if (values.help) return console.log(help(steps));
  const names = (values.only ?? []).flatMap((list) => list.split(","));
  const selected = select(steps, names.length === 0 && paths.length > 0 ? ["mocha"] : names);
  process.chdir(root);
  const results = await runSteps(selected, { folder: temporaryFolder(), paths });
  console.log(skipReport(results));
  console.log(summaryLine(results));
  process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
};

/** Folder for the steps' files. Deleted when this process exits, and on a signal together with the processes of the tests. */
const temporaryFolder = () => {
  const place = temporaryPlace();
  console.log(`temporary files are in ${place.folder} (${place.why})`);
  const folder = mkdtempSync(path.join(place.folder, "endow-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => void endLeftovers(folder, 0).finally(() => process.exit(1)));
  }
  mkdirSync(path.join(folder, "private"), { mode: 0o700 });
  return folder;
};

await main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
