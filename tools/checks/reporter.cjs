// mocha's "spec" reporter on the terminal; at the end writes the titles of all tests to the file of `--reporter-option titles=FILE`.
const { writeFileSync } = require("node:fs");
const { Runner, reporters } = require("mocha");

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Runner.constants;

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const titles = { passed: [], failed: [], skipped: [] };
    runner.on(EVENT_TEST_PASS, (test) => titles.passed.push(test.fullTitle()));
    runner.on(EVENT_TEST_FAIL, (test) => titles.failed.push(test.fullTitle()));
    runner.on(EVENT_TEST_PENDING, (test) => titles.skipped.push(test.fullTitle()));
    runner.once(EVENT_RUN_END, () => writeFileSync(options.reporterOptions.titles, JSON.stringify(titles), { mode: 0o600 }));
  }
};
