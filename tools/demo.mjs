// @ts-check
import path from "node:path";
import { startShop, withoutPulumi } from "./demo/deploy.mjs";
import { takeDown } from "./demo/down.mjs";
import { FOLDER } from "./demo/folder.mjs";
import { prepare } from "./demo/prepare.mjs";
import { show } from "./demo/show.mjs";
import { parseOptions } from "./options.mjs";

const USAGE = `npm run demo [-- options]: sets everything up, runs examples/shop by \`pulumi up\`, and shows that what it was given is real.
Where no Pulumi can be had it runs it by \`endow dev\`.

  --no-engine    by \`endow dev\` in any case
  --down         destroys the stack, stops the servers and deletes their data
  --json         what was done, what was shown and how long it took, on standard output
  --folder DIR   where what Pulumi keeps of the stack is; default: .demo in the repository`;

const { values: options } = parseOptions(USAGE, {
  "no-engine": { type: "boolean" },
  down: { type: "boolean" },
  json: { type: "boolean" },
  folder: { type: "string" },
});
const folder = options.folder === undefined ? FOLDER : path.resolve(options.folder);
const writeResult = process.stdout.write.bind(process.stdout);
// With --json standard output is for the result alone, whatever npm and the build print.
if (options.json) process.stdout.write = process.stderr.write.bind(process.stderr);

const start = () => (options["no-engine"] ? withoutPulumi("Pulumi is not wanted") : startShop(folder));

try {
  const setup = await prepare();
  const result = options.down ? await takeDown(folder) : await show(start);
  if (options.json) writeResult(`${JSON.stringify({ setup, ...result }, undefined, 2)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} catch (error) {
  console.error(`\nThe demo has stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
