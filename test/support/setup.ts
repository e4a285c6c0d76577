import { collected, endCollecting } from "./rejections";

// mocha swallows unhandled rejections: a test that forgets to await would pass. Here the whole run fails instead.
const watch = (reason: unknown): void => {
  if (collected(reason)) return;
  console.error("unhandled rejection in a test:", reason);
  process.exitCode = 1;
  setImmediate(() => {
    throw reason;
  });
};

/** Runs before the tests of every file, in the process that they run in. */
export const mochaHooks = {
  beforeAll: () => {
    // For each file: after each one, mocha's workers remove whoever listens.
    process.off("unhandledRejection", watch).on("unhandledRejection", watch);
    // Node would hand it on to every program that a test starts, whatever environment that is given: most are not worth the time.
    const { NODE_V8_COVERAGE: folder } = process.env;
    if (folder === undefined) return;
    process.env["ENDOW_TEST_COVERAGE"] = folder;
    delete process.env["NODE_V8_COVERAGE"];
    // Node writes it when the process ends, and mocha sends its workers a SIGTERM when that takes more than a second.
    process.once("exit", () => process.on("SIGTERM", () => undefined));
  },
  async afterEach(this: Mocha.Context) {
    await endCollecting(this.currentTest?.state === "failed");
  },
};
