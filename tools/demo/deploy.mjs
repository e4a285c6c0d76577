// @ts-check
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { startApp } from "./app.mjs";
import { endow } from "./endow.mjs";
import { findPulumi } from "./engine.mjs";
import { inside, makeFolder } from "./folder.mjs";
import { pulumi } from "./pulumi.mjs";

/** @typedef {{ used: true, version: string, source: string, changes: Record<string, number> } | { used: false, why: string }} EngineUse */

/**
 * Starts the shop with `pulumi up` as a background process; with `endow dev` if there is no Pulumi, or if this machine lacks an optional
 * server, which is an error for Pulumi.
 * @param {string} folder @returns {Promise<{ url: string, stop?: () => Promise<void>, engine: EngineUse }>}
 */
export const startShop = async (folder) => {
  const engine = await findPulumi({ install: true });
  if (engine === undefined) return withoutPulumi("there is no Pulumi");
  await makeFolder(folder);
  console.log("$ endow setup");
  console.log((await endow("setup", [], { PULUMI_HOME: inside(folder).home })).split("\n")[0]);
  console.log(`\n$ pulumi up --cwd examples/shop --stack development     (Pulumi ${engine.version}, ${engine.source})`);
  const { changes, url, failed, unavailable } = await pulumi(engine, "up", folder);
  if (unavailable) return withoutPulumi("this machine lacks a server (see above) that is optional for `endow dev`");
  if (failed !== undefined || url === undefined) throw new Error(`\`pulumi up\` failed: ${failed}\n${help}`);
  const changed = Object.keys(changes).some((change) => change !== "same");
  if (!changed) console.log("Pulumi has changed nothing: all resources are up to date.\n");
  console.log(`$ endow dev --cwd examples/shop${changed ? " --verbose" : ""}     (the same servers, without Pulumi)`);
  process.stdout.write(await endow("dev", changed ? ["--verbose"] : []));
  return { url, engine: { used: true, version: engine.version, source: engine.source, changes } };
};

/** @param {string} why @returns {Promise<{ url: string, stop: () => Promise<void>, engine: EngineUse }>} */
export const withoutPulumi = async (why) => {
  console.log(`Continuing with \`endow dev\`: ${why}.\n`);
  return { ...(await startApp()), engine: { used: false, why } };
};

const help = `
  again               npm run demo                   (what is done stays done)
  without Pulumi      npm run demo -- --no-engine
  all from new        npm run demo -- --down         and then npm run demo`;

/**
 * Destroys the demo's stack and deletes its Pulumi state. A failure is only reported, because `endow dev --down` stops and deletes all of
 * the stack's resources.
 * @param {string} folder @returns {Promise<EngineUse>}
 */
export const destroyStack = async (folder) => {
  if (!existsSync(folder)) return { used: false, why: "Pulumi has made nothing" };
  const use = await destroy(folder);
  if (!use.used) console.log(`The stack cannot be destroyed with Pulumi, so its resources are deleted directly: ${use.why}`);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  return use;
};

/** @param {string} folder @returns {Promise<EngineUse>} */
const destroy = async (folder) => {
  const engine = await findPulumi({ install: false });
  if (engine === undefined) return { used: false, why: "there is no Pulumi" };
  console.log(`$ pulumi destroy --cwd examples/shop --stack development --remove     (Pulumi ${engine.version}, ${engine.source})`);
  const { changes, failed } = await pulumi(engine, "destroy", folder);
  return failed === undefined ? { used: true, version: engine.version, source: engine.source, changes } : { used: false, why: failed };
};
