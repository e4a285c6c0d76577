// @ts-check
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseOptions } from "./options.mjs";
import { install } from "./setup.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const USAGE = `npm run bench [-- parts]: measures what docs/benchmarks.md quotes, each part in minutes, and prints a table.
Nothing else should run meanwhile. Parts: load, plan, apps, long, local, types, pulumi, preview; all when none is named.`;

const { positionals } = parseOptions(USAGE, {}, { allowPositionals: true });
await install();
for (const command of [["tools/build.mjs"], ["build/bench/main.js", ...positionals]]) {
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
