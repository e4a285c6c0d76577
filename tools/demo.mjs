// @ts-check
// `npm run demo`: sets everything up, runs examples/shop by `endow dev`, and shows that what it was given is real.
//   --down   stops its servers and deletes their data
//   --json   what was shown and how long it took, on standard output
import { parseArgs } from "node:util";
import { takeDown } from "./demo/down.mjs";
import { prepare } from "./demo/prepare.mjs";
import { show } from "./demo/show.mjs";

const { values: options } = parseArgs({ options: { down: { type: "boolean" }, json: { type: "boolean" } } });
const writeResult = process.stdout.write.bind(process.stdout);
// With --json standard output is for the result alone, whatever npm and the build print.
if (options.json) process.stdout.write = process.stderr.write.bind(process.stderr);

try {
  const setup = await prepare();
  const result = options.down ? await takeDown() : await show();
  if (options.json) writeResult(`${JSON.stringify({ setup, ...result }, undefined, 2)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} catch (error) {
  console.error(`\nThe demo has stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
