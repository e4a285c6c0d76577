// @ts-check
import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { isAtLeast, run } from "./library.mjs";

/**
 * A working Pulumi CLI.
 * @typedef {object} Engine
 * @property {string} command  its absolute path
 * @property {string | undefined} root  the folder with `bin/pulumi`, which Pulumi's Automation API needs
 * @property {string} version  `3.259.0`
 * @property {string} source  where it was found
 * @property {boolean} languageHost  whether it can run Node programs: the official download can, one built from its Go module cannot
 */

const OLDEST = "3.248";
const A_MINUTE = 60_000;

/**
 * Runs a CLI to read its version. Returns the engine, or the reason why it cannot be used.
 * @param {string} source @param {string} command @param {AbortSignal} signal @returns {Promise<Engine | string>}
 */
export const probe = async (source, command, signal) => {
  if (!existsSync(command)) return `there is no ${command}`;
  /** @type {string} */
  let printed;
  try {
    // Otherwise the program checks for updates over the network.
    printed = await run(command, ["version"], { signal, timeout: A_MINUTE, environment: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
  } catch (error) {
    signal.throwIfAborted();
    return `${command} does not run: ${error instanceof Error ? error.message : String(error)}`;
  }
  const version = /^v?(\d+\.\d+\.\d+)/.exec(printed)?.[1];
  if (version === undefined) return `${command} prints no version`;
  if (!version.startsWith("3.") || !isAtLeast(version, OLDEST))
    return `${command} has version ${version}; 3.x from ${OLDEST} on is required`;
  const folder = path.dirname(command);
  const root = path.basename(command) === "pulumi" && path.basename(folder) === "bin" ? path.dirname(folder) : undefined;
  return { command, root, version, source, languageHost: hasLanguageHost(command) };
};

/** Pulumi looks for the language host next to itself, then on PATH. @param {string} command */
const hasLanguageHost = (command) =>
  [path.dirname(realpathSync(command)), ...foldersOnPath()].some((folder) => existsSync(path.join(folder, "pulumi-language-nodejs")));

export const foldersOnPath = () => (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
