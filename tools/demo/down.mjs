// @ts-check
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { destroyStack } from "./deploy.mjs";
import { endow } from "./endow.mjs";

/**
 * Destroys the stack if there is one, stops the shop's servers, deletes their data, and verifies that nothing is left.
 * @param {string} stackFolder
 */
export const takeDown = async (stackFolder) => {
  const { folder, servers } = JSON.parse(await endow("status", ["--json"]));
  const engine = await destroyStack(stackFolder);
  console.log("$ endow dev --cwd examples/shop --down --yes");
  process.stdout.write(await endow("dev", ["--down", "--yes"]));
  const left = await leftOf([folder, stackFolder], servers);
  console.log(left.length === 0 ? "Nothing is left: no process, no port, no file." : `Something is left:\n  ${left.join("\n  ")}`);
  return { ok: left.length === 0, engine, stopped: servers.map((/** @type {Server} */ { name }) => name), left };
};

/** @typedef {{ name: string, pid?: number, port?: number }} Server */

/** @param {readonly string[]} folders @param {readonly Server[]} servers @returns {Promise<string[]>} */
const leftOf = async (folders, servers) => {
  // It needs the dependencies.
  const { entriesIn } = await import("./processes.mjs");
  const perServer = servers.map(async ({ name, pid, port }) => [
    ...(pid !== undefined && isAlive(pid) ? [`process ${pid} of ${name}`] : []),
    ...(port !== undefined && (await answers(port)) ? [`port ${port} of ${name}`] : []),
  ]);
  const perFolder = folders.flatMap((folder) => [
    ...entriesIn(folder).map(({ pid }) => `process ${pid} in ${folder}`),
    ...(existsSync(folder) ? [`folder ${folder}`] : []),
  ]);
  return [...(await Promise.all(perServer)).flat(), ...perFolder];
};

/** @param {number} pid */
const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

/** @param {number} port @returns {Promise<boolean>} */
const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
