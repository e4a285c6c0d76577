import assert from "node:assert/strict";
import { assertCombination, type DevOptions } from "../../lib/cli/validate-options";

describe("the options of `endow dev`", () => {
  const options = (more: Partial<DevOptions>): DevOptions => ({ environment: "development", ...more });

  const clashes: readonly (readonly [Partial<DevOptions>, readonly string[]])[] = [
    [{ stop: true, down: true }, []],
    [{ stop: true }, ["true"]],
    [{ down: true }, ["true"]],
    [{ stop: true, json: true }, []],
    [{ stop: true, port: { postgres: 5433 } }, []],
    [{ down: true, program: { postgres: "/bin/postgres" } }, []],
    [{ down: true, verbose: true }, []],
    [{ yes: true }, []],
    [{ stop: true, yes: true }, []],
    [{ all: true }, []],
    [{ json: true }, ["true"]],
  ];
  for (const [given, command] of clashes)
    it(`cannot be combined: ${[...Object.keys(given), ...command].join(", ")}`, () =>
      assert.throws(() => assertCombination(command, options(given)), { code: "OPTIONS_CLASH" }));

  it("can be combined otherwise", () => {
    assertCombination(["true"], options({ port: { postgres: 5433 }, program: { redis: "/bin/redis-server" }, verbose: true }));
    assertCombination([], options({ json: true, verbose: true }));
    assertCombination([], options({ down: true, yes: true, all: true }));
    assertCombination([], options({ stop: true, all: true }));
  });
});
