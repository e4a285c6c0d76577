// @ts-check
import { spawn } from "node:child_process";
import path from "node:path";
import { root } from "../root.mjs";

const main = path.join(root, "dist/cli/main.js");
export const shop = path.join(root, "examples/shop");

/** Variables of the shop's settings and of the environment: removed so that the demo uses endow's values and no other database. */
const OVERRULING = /^(DATABASE_URL|REDIS_URL|UPLOADS_\w+|LLM_\w+|OPENAI_API_KEY|API_KEYS|HOST|PORT|ENDOW_\w+|ENVIRONMENT|NODE_ENV)$/;

/** Hides the AWS SDK's warning that it will require Node 22. */
export const quietSdk = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };

/** This process's environment without the variables that the shop gets from endow. */
export const shopEnvironment = () => {
  const kept = Object.entries(process.env).filter(([name]) => !OVERRULING.test(name));
  const programs = [path.join(root, "node_modules/.bin"), process.env["PATH"]].join(path.delimiter);
  return { ...Object.fromEntries(kept), ...quietSdk, PATH: programs };
};

/**
 * Starts `endow <command> ...` in the shop's folder; its messages go directly to standard error.
 * @param {string} command @param {readonly string[]} [args] @param {NodeJS.ProcessEnv} [variables]
 */
export const startEndow = (command, args = [], variables = {}) =>
  spawn(process.execPath, [main, command, ...args], {
    cwd: shop,
    env: { ...shopEnvironment(), ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });

/**
 * Runs it and returns its standard output; rejects if it fails.
 * @param {string} command @param {readonly string[]} [args] @param {NodeJS.ProcessEnv} [variables]
 * @returns {Promise<string>}
 */
export const endow = (command, args, variables) =>
  new Promise((resolve, reject) => {
    const child = startEndow(command, args, variables);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("error", reject);
    child.once("close", (code, signal) =>
      code === 0 ? resolve(output) : reject(new Error(`\`endow ${command}\` ended with ${signal ?? `exit code ${code}`}`)),
    );
  });
