// @ts-check
import { fork } from "node:child_process";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { shop, shopEnvironment } from "./endow.mjs";
import { inside } from "./folder.mjs";
import { onSignal } from "./signals.mjs";

/**
 * The request to ./pulumi-step.mjs, and its result.
 * @typedef {{ step: "up" | "destroy", folder: string, engineRoot: string | undefined, color: boolean }} StepRequest
 * @typedef {object} StepResult
 * @property {Record<string, number>} changes  numbers of created, updated, unchanged, ... resources
 * @property {string} [url]  of the app, after `up`
 * @property {string} [failed]  why it failed; Pulumi has shown it
 * @property {boolean} [unavailable]  it failed because this machine lacks one of the servers
 */

/**
 * Runs one step of the demo's stack and streams Pulumi's output. It does not outlive this process, but stops gracefully: signals are
 * forwarded, and Pulumi finishes its current operations.
 * @param {import("./engine.mjs").Engine} engine @param {"up" | "destroy"} step @param {string} folder
 * @returns {Promise<StepResult>}
 */
export const pulumi = (engine, step, folder) =>
  new Promise((resolve, reject) => {
    /** @type {StepRequest} */
    const request = { step, folder, engineRoot: engine.root, color: process.stdout.isTTY };
    const child = fork(fileURLToPath(new URL("pulumi-step.mjs", import.meta.url)), [JSON.stringify(request)], {
      cwd: shop,
      execArgv: ["--import", "tsx"],
      env: environment(engine, folder),
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      // Otherwise Ctrl-C in a terminal reaches Pulumi twice, which makes it abort immediately.
      detached: true,
    });
    const forget = onSignal((signal) => child.kill(signal));
    /** @type {StepResult | undefined} */
    let result;
    child.stdout?.setEncoding("utf8").on("data", (text) => process.stdout.write(text));
    child.once("message", (message) => (result = /** @type {StepResult} */ (message)));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      forget();
      if (result === undefined) reject(new Error(`\`pulumi ${step}\` ended with ${signal ?? `exit code ${code}`}`));
      else resolve(result);
    });
  });

/** @param {import("./engine.mjs").Engine} engine @param {string} folder @returns {NodeJS.ProcessEnv} */
const environment = (engine, folder) => {
  const { home, stacks, passphrase } = inside(folder);
  const own = Object.entries(shopEnvironment()).filter(([name]) => !name.startsWith("PULUMI_"));
  return {
    ...Object.fromEntries(own),
    PATH: [path.dirname(process.execPath), path.dirname(engine.command), process.env["PATH"]].join(path.delimiter),
    PULUMI_HOME: home,
    // Without the metadata file next to the state: if a kill leaves that empty, Pulumi can read neither.
    PULUMI_BACKEND_URL: `${pathToFileURL(stacks).href}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The provider of this version, installed in Pulumi's folder by `endow setup`.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
};
