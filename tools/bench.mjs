// Measures what the README quotes: npm run bench [-- load plan local types pulumi preview]
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "./setup.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
await install();
for (const command of [["tools/build.mjs"], ["build/bench/main.js", ...process.argv.slice(2)]]) {
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
