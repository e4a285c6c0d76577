// @ts-check
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { endow } from "./endow.mjs";

/** Stops the shop's servers, deletes their data, and looks for itself whether anything is left. */
export const takeDown = async () => {
  const { folder, servers } = JSON.parse(await endow("status", ["--json"]));
  console.log("$ endow dev --cwd examples/shop --down --yes");
  process.stdout.write(await endow("dev", ["--down", "--yes"]));
  const left = await leftOf(folder, servers);
  console.log(left.length === 0 ? "Nothing is left: no process, no port, no file." : `Something is left:\n  ${left.join("\n  ")}`);
  return { ok: left.length === 0, stopped: servers.map((/** @type {Server} */ { name }) => name), left };
};

/** @typedef {{ name: string, pid?: number, port?: number }} Server */

/** @param {string} folder @param {readonly Server[]} servers @returns {Promise<string[]>} */
const leftOf = async (folder, servers) => {
  const perServer = servers.map(async ({ name, pid, port }) => [
    ...(pid !== undefined && isAlive(pid) ? [`process ${pid} of ${name}`] : []),
    ...(port !== undefined && (await answers(port)) ? [`port ${port} of ${name}`] : []),
  ]);
  return [...(await Promise.all(perServer)).flat(), ...(existsSync(folder) ? [`folder ${folder}`] : [])];
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
