import { collected, endCollecting } from "./rejections";

// mocha swallows unhandled rejections, so a test with a missing `await` would pass. Here the whole run fails instead.
const watch = (reason: unknown): void => {
  if (collected(reason)) return;
  console.error("unhandled rejection in a test:", reason);
  process.exitCode = 1;
  setImmediate(() => {
    throw reason;
  });
};

/** Runs before the tests of every file, in the same process. */
export const mochaHooks = {
  beforeAll: () => {
    // For each file, because mocha's workers remove listeners after each one.
    process.off("unhandledRejection", watch).on("unhandledRejection", watch);
    // Node would pass it on to every program that a test starts, whatever its environment: most are not worth the time.
    const { NODE_V8_COVERAGE: folder } = process.env;
    if (folder === undefined) return;
    process.env["ENDOW_TEST_COVERAGE"] = folder;
    delete process.env["NODE_V8_COVERAGE"];
    // Node writes it when the process exits, and mocha sends its workers a SIGTERM if that takes more than a second.
    process.once("exit", () => process.on("SIGTERM", () => undefined));
  },
  async afterEach(this: Mocha.Context) {
    await endCollecting(this.currentTest?.state === "failed");
  },
};
