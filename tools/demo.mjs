// @ts-check
import path from "node:path";
import { startShop, withoutPulumi } from "./demo/deploy.mjs";
import { takeDown } from "./demo/down.mjs";
import { FOLDER } from "./demo/folder.mjs";
import { prepare } from "./demo/prepare.mjs";
import { show } from "./demo/show.mjs";
import { parseOptions } from "./options.mjs";

const USAGE = `npm run demo [-- options]: sets everything up, deploys examples/shop with \`pulumi up\`, and proves that its servers are real.
Without Pulumi, it runs the shop with \`endow dev\`.

  --no-engine    always uses \`endow dev\`
  --down         destroys the stack, stops the servers and deletes their data
  --json         prints steps, results and durations as JSON on standard output
  --folder DIR   folder for Pulumi's state; default: .demo in the repository`;

const { values: options } = parseOptions(USAGE, {
  "no-engine": { type: "boolean" },
  down: { type: "boolean" },
  json: { type: "boolean" },
  folder: { type: "string" },
});
const folder = options.folder === undefined ? FOLDER : path.resolve(options.folder);
const writeResult = process.stdout.write.bind(process.stdout);
// With --json, only the result is printed on standard output: redirect the output of npm and the build.
if (options.json) process.stdout.write = process.stderr.write.bind(process.stderr);

const start = () => (options["no-engine"] ? withoutPulumi("--no-engine is set") : startShop(folder));

try {
  const setup = await prepare();
  const result = options.down ? await takeDown(folder) : await show(start);
  if (options.json) writeResult(`${JSON.stringify({ setup, ...result }, undefined, 2)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
