// @ts-check
// One step of the demo's stack in a separate process: in the shop's folder, with tsx for its index.ts, and the environment set by
// ./pulumi.mjs. The program runs in this process (Pulumi's Automation API), so no language host is needed.
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { CommandError, ConcurrentUpdateError, LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import getPort from "get-port";
import { tryLock } from "../engine/library.mjs";
import { endow } from "./endow.mjs";
import { inside } from "./folder.mjs";
import { endProcessesIn } from "./processes.mjs";
import { onSignal } from "./signals.mjs";

const STACK = "development";
const PROJECT = "shop";

/** @type {import("./pulumi.mjs").StepRequest} */
const { step, folder, engineRoot, color } = JSON.parse(process.argv[2] ?? "");
const { work, lock } = inside(folder);

const interrupted = new AbortController();
onSignal(() => interrupted.abort());
// The parent process is gone.
process.on("disconnect", () => interrupted.abort());

let printed = "";
const show = (/** @type {string} */ text) => {
  printed += text;
  process.stdout.write(text);
};
const shown = /** @type {const} */ ({ onOutput: show, onError: show, color: color ? "always" : "never", signal: interrupted.signal });

const program = async () => {
  const { url } = await import(pathToFileURL(path.resolve("index.ts")).href);
  return { url };
};

const openStack = async () =>
  LocalWorkspace.createOrSelectStack(
    { stackName: STACK, projectName: PROJECT, program },
    {
      workDir: work,
      pulumiCommand: await PulumiCommand.get(engineRoot === undefined ? {} : { root: engineRoot }),
      secretsProvider: "passphrase",
      projectSettings: { name: PROJECT, runtime: "nodejs" },
    },
  );

/** @typedef {import("@pulumi/pulumi/automation/index.js").Stack} Stack */

/** @param {Stack} stack @returns {Promise<import("./pulumi.mjs").StepResult>} */
const up = async (stack) => {
  await stack.setConfig("port", { value: String(await portFor(stack)) });
  const { summary, outputs } = await stack.up(shown);
  return { changes: summary.resourceChanges ?? {}, url: outputs["url"]?.value };
};

/** The port of the running app, or its last port, or 3000, or any free one. @param {Stack} stack */
const portFor = async (stack) => {
  const { servers } = JSON.parse(await endow("status", ["--json"]));
  const app = servers.find((/** @type {{ name: string, state: string }} */ { name, state }) => name === "app-web" && state === "running");
  const known = Number((await stack.getAllConfig())[`${PROJECT}:port`]?.value ?? 3000);
  return app?.port ?? (await getPort({ port: [known, 3000], host: "127.0.0.1" }));
};

/** @param {Stack} stack @returns {Promise<import("./pulumi.mjs").StepResult>} */
const destroy = async (stack) => {
  const { summary } = await stack.destroy(shown);
  await stack.workspace.removeStack(STACK);
  show("\nThe stack has been deleted, with its history and configuration.\n\n");
  return { changes: summary.resourceChanges ?? {} };
};

/** A Pulumi lock without ours is left by a killed demo: every demo that works on the stack also holds our lock. @param {(stack: Stack) => Promise<import("./pulumi.mjs").StepResult>} work */
const unlocked = async (work) => {
  const stack = await openStack();
  try {
    return await work(stack);
  } catch (error) {
    if (!(error instanceof ConcurrentUpdateError)) throw error;
    show("a killed demo has left the stack locked: unlocking it\n");
    await stack.cancel();
    // Otherwise its pending operations stay in the state. They can simply be repeated.
    await stack.refresh({ ...shown, clearPendingCreates: true });
    return work(stack);
  }
};

const takeTurn = async () => {
  for (let told = false; ; told = true) {
    interrupted.signal.throwIfAborted();
    const held = await tryLock(lock);
    if (held !== undefined) return held;
    if (!told) show("another demo is using the stack: waiting for it\n");
    await sleep(200, undefined, { signal: interrupted.signal });
  }
};

/** @param {unknown} error @returns {import("./pulumi.mjs").StepResult} */
const failure = (error) => {
  const message = error instanceof Error ? error.message : String(error);
  // Pulumi's error repeats its whole output.
  const reason = error instanceof CommandError ? (/^error: (.+)$/m.exec(message)?.[1] ?? "see the reason above") : message;
  const failed = interrupted.signal.aborted ? "it was interrupted" : reason;
  return { changes: {}, failed, unavailable: printed.includes("code: SERVER_UNAVAILABLE") };
};

const turn = await takeTurn();
try {
  await endProcessesIn(folder, show);
  process.send?.(await unlocked(step === "up" ? up : destroy).catch(failure));
} finally {
  turn.release();
}
process.disconnect();
