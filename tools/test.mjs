// @ts-check
// `npm test`: everything that must hold before a change is merged. Needs Node and npm only: the first step fetches the rest.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { runSteps } from "./checks/run-steps.mjs";
import { help, select } from "./checks/select.mjs";
import { steps } from "./checks/steps.mjs";
import { skipReport, summaryLine } from "./checks/summary.mjs";
import { root } from "./root.mjs";

const { values: options, positionals } = parseArgs({
  options: { only: { type: "string", multiple: true }, help: { type: "boolean" } },
  allowPositionals: true,
});

if (options.help) {
  console.log(help(steps));
  process.exit();
}
const names = (options.only ?? []).flatMap((list) => list.split(","));
const selected = select(steps, names.length === 0 && positionals.length > 0 ? ["mocha"] : names);

const folder = mkdtempSync(path.join(tmpdir(), "endow-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
// Tests run servers as other users, so these can pass through; what lies here is readable by its owner only.
mkdirSync(path.join(folder, "private"), { mode: 0o700 });

process.chdir(root);
const results = await runSteps(selected, { folder, paths: positionals });
console.log(skipReport(results));
console.log(summaryLine(results));
process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
