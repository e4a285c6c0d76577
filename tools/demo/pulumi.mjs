// @ts-check
import { fork } from "node:child_process";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { shop, shopEnvironment } from "./endow.mjs";
import { inside } from "./folder.mjs";
import { onSignal } from "./signals.mjs";

/**
 * What is asked of ./pulumi-step.mjs, and its answer.
 * @typedef {{ step: "up" | "destroy", folder: string, engineRoot: string | undefined, color: boolean }} StepRequest
 * @typedef {object} StepResult
 * @property {Record<string, number>} changes  how many resources were created, updated, are the same, ...
 * @property {string} [url]  of the app, after `up`
 * @property {string} [failed]  why it failed; Pulumi has shown it
 * @property {boolean} [unavailable]  it failed because this machine cannot have one of the servers
 */

/**
 * Carries out one step of the demo's stack. What Pulumi prints is shown as it comes. It does not outlive this process, but ends in its own
 * time: a signal is passed on, and Pulumi finishes what it is about.
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
      // Otherwise the Ctrl-C of a terminal reaches Pulumi twice, which then drops everything.
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
    // Without the file of metadata beside the state: a kill while it is written leaves it empty, and Pulumi then reads neither.
    PULUMI_BACKEND_URL: `${pathToFileURL(stacks).href}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The provider is the one of this version, which `endow setup` has put into Pulumi's folder.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
};
