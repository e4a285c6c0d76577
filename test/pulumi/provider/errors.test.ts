import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { status } from "@grpc/grpc-js";
import { fault } from "../../../lib/errors";
import { grpcStatusOf } from "../../../lib/pulumi/provider/errors";

describe("an error passed to the engine", () => {
  const written: string[] = [];
  const { error: original } = console;
  before(() => {
    console.error = (text: unknown) => void written.push(String(text));
  });
  after(() => {
    console.error = original;
  });
  afterEach(() => written.splice(0));

  it("is endow's own message: the problem, the fix and the code", () => {
    assert.deepEqual(grpcStatusOf(fault("PORT_TAKEN", "port 1 is used", "choose another")), {
      code: status.FAILED_PRECONDITION,
      details: "port 1 is used\n  fix: choose another\n  code: PORT_TAKEN",
    });
    assert.deepEqual(written, []);
  });

  it("is the system's own message, with its code", async () => {
    const file = path.join(__filename, "none");
    const error: unknown = await readFile(file).catch((error: unknown) => error);
    assert.deepEqual(grpcStatusOf(error), {
      code: status.FAILED_PRECONDITION,
      details: `ENOTDIR: not a directory, open '${file}'\n  code: ENOTDIR`,
    });
  });

  it("is otherwise a bug, and its stack goes to standard error", () => {
    const error = new TypeError("x is not a function");
    assert.deepEqual(grpcStatusOf(error), {
      code: status.INTERNAL,
      details: "x is not a function\n  this is a bug in endow: please report it with the output above",
    });
    assert.deepEqual(written, [error.stack]);
  });
});
