import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { failureOf } from "../../lib/cli/failure";
import { Interruption } from "../../lib/cli/signals";
import { fault } from "../../lib/errors";

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe("an error that ends the program", () => {
  it("thrown by endow gives message, fix and code, and no stack", () => {
    const { message, exitCode } = failureOf(fault("PORT_TAKEN", "port 1 is used", "choose another"));
    assert.equal(message, "error: port 1 is used\n  fix: choose another\n  code: PORT_TAKEN");
    assert.equal(exitCode, 1);
  });

  it("of the system gives a fix, and no stack", () => {
    const { message } = failureOf(thrownBy(() => readFileSync("/nowhere/at/all")));
    assert.match(message, /^error: ENOENT: no such file.*\n {2}fix: .* \(\/nowhere\/at\/all\)\n {2}code: ENOENT$/);
  });

  it("that is unexpected is reported as a bug, with its stack", () => {
    for (const error of [new TypeError("x is not a function"), Object.assign(new Error("odd"), { code: "ERR_INVALID_ARG_TYPE" })]) {
      const { message, exitCode } = failureOf(error);
      assert.match(message, /this is a bug in endow/);
      assert.match(message, /failure\.test/);
      assert.equal(exitCode, 1);
    }
    assert.match(failureOf("text").message, /bug in endow.*\ntext$/);
  });

  it("caused by a signal has a shell's exit code", () => {
    assert.equal(failureOf(new Interruption("SIGINT")).exitCode, 130);
    assert.equal(failureOf(new Interruption("SIGTERM")).exitCode, 143);
  });
});
