// @ts-check
import { parseEnv, styleText } from "node:util";
import { endow, quietSdk } from "./endow.mjs";

/**
 * @typedef {{ name: string, about: string, status: "shown" | "failed" | "skipped", ms: number, reason?: string }} Shown
 */

/**
 * Starts the shop and shows each proof. Then stops an app started by `endow dev`; one deployed by Pulumi keeps running. The servers keep
 * running in both cases, which makes the next run fast.
 * @param {() => Promise<{ url: string, stop?: () => Promise<void>, engine: import("./deploy.mjs").EngineUse }>} startShop
 */
export const show = async (startShop) => {
  console.log('endow demo: examples/shop in its environment "development"\n');
  const start = performance.now();
  const { url, stop, engine } = await startShop();
  const ready = Math.round(performance.now() - start);
  /** @type {readonly Shown[]} */
  let shown = [];
  try {
    shown = await showAll(url);
  } finally {
    await stop?.();
  }
  const total = Math.round(performance.now() - start);
  const ok = shown.every(({ status }) => status !== "failed");
  console.log(`\n${verdict(shown)}: ready after ${seconds(ready)}, shown after ${seconds(total)}.`);
  console.log(stop === undefined ? `\nThe shop keeps running at ${url}, with its servers.${commands}` : stopped);
  return { ok, engine, ready, total, proofs: shown };
};

/** @param {string} url */
const showAll = async (url) => {
  Object.assign(process.env, quietSdk);
  // Imported late: it needs the drivers from the dependencies.
  const { partsOf, proofs } = await import("./proofs.mjs");
  const parts = await partsOf(url);
  // Into a pipe, `endow env` writes the values themselves.
  const values = /** @type {Record<string, string>} */ (parseEnv(await endow("env")));
  console.log("");
  const shown = [];
  for (const proof of proofs) {
    const result = parts[proof.needs] === true ? await prove(proof, { url, values }) : skipped(proof);
    console.log(line(result));
    shown.push(result);
  }
  return shown;
};

/**
 * @param {import("./proofs.mjs").Proof} proof @param {{ url: string, values: Record<string, string> }} app
 * @returns {Promise<Shown>}
 */
const prove = async ({ name, about, run }, app) => {
  const start = performance.now();
  const reason = await run(app).then(
    () => undefined,
    (error) => (error instanceof Error ? error.message : String(error)),
  );
  const ms = Math.round(performance.now() - start);
  return reason === undefined ? { name, about, status: "shown", ms } : { name, about, status: "failed", ms, reason };
};

/** @param {import("./proofs.mjs").Proof} proof @returns {Shown} */
const skipped = ({ name, about }) => ({
  name,
  about,
  status: "skipped",
  ms: 0,
  reason: "this machine does not have the server; see above for how to get it",
});

/** @param {Shown} shown */
const line = ({ name, about, status, ms, reason }) => {
  const [colour, mark] = /** @type {const} */ ({ shown: ["green", "ok  "], failed: ["red", "FAIL"], skipped: ["yellow", "skip"] })[status];
  const details = reason === undefined ? "" : `\n       ${reason.split("\n").join("\n       ")}`;
  return `  ${styleText(colour, mark)} ${name.padEnd(15)} ${about}${status === "skipped" ? "" : `  ${ms} ms`}${details}`;
};

/** @param {readonly Shown[]} shown */
const verdict = (shown) => {
  if (shown.some(({ status }) => status === "failed")) return "Something does not work";
  const skips = shown.filter(({ status }) => status === "skipped").length;
  return skips === 0 ? "It works" : `It works with the servers available on this machine (${skips} of ${shown.length} skipped)`;
};

/** @param {number} ms */
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

const commands = `
  show servers        npx endow status --cwd examples/shop
  show it again       npm run demo
  stop, and delete    npm run demo -- --down`;

const stopped = `
The app has stopped; its servers keep running, with their data.
  run it yourself     cd examples/shop && npm run dev     (http://localhost:3000/health)${commands}`;
