// @ts-check
import { createInterface } from "node:readline";
import { startEndow } from "./endow.mjs";
import { onSignal } from "./signals.mjs";

/** Long enough to download every server's program and compile one of them on a slow connection. */
const FIFTEEN_MINUTES = 900_000;

/**
 * Starts the shop with `endow dev` and waits until it prints its address. Shows the app's output.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export const startApp = async () => {
  console.log("$ endow dev --cwd examples/shop -- tsx server.ts");
  const child = startEndow("dev", ["--", "tsx", "server.ts"], { PORT: "0" });
  /** @type {Promise<string>} how it ended */
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? `exit code ${code}`)));
  const forget = onSignal((signal) => child.kill(signal));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    forget();
  };
  try {
    return { url: await urlOf(child, ended), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** @param {ReturnType<typeof startEndow>} child @param {Promise<string>} ended @returns {Promise<string>} */
const urlOf = (child, ended) =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the app did not print its address within 15 minutes")), FIFTEEN_MINUTES);
    createInterface({ input: child.stdout }).on("line", (line) => {
      console.log(line);
      const url = /listens on (http:\S+)/.exec(line)?.[1];
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
    });
    void ended.then((how) => {
      clearTimeout(late);
      reject(new Error(`the app exited with ${how} before it was listening: see the reason above`));
    });
  });
