import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { status } from "@grpc/grpc-js";
import { fault } from "../../../lib/errors";
import { grpcStatusOf } from "../../../lib/pulumi/provider/errors";

describe("what the engine is told about an error", () => {
  const written: string[] = [];
  const { error: original } = console;
  before(() => {
    console.error = (text: unknown) => void written.push(String(text));
  });
  after(() => {
    console.error = original;
  });
  afterEach(() => written.splice(0));

  it("is one of ours as it reads: what is wrong, what to do, the code", () => {
    assert.deepEqual(grpcStatusOf(fault("PORT_TAKEN", "port 1 is used", "choose another")), {
      code: status.FAILED_PRECONDITION,
      details: "port 1 is used\n  fix: choose another\n  code: PORT_TAKEN",
    });
    assert.deepEqual(written, []);
  });

  it("is the machine's own message, with its code", async () => {
    const error: unknown = await readFile("/no/such/file").catch((error: unknown) => error);
    assert.deepEqual(grpcStatusOf(error), {
      code: status.FAILED_PRECONDITION,
      details: "ENOENT: no such file or directory, open '/no/such/file'\n  code: ENOENT",
    });
  });

  it("is a bug otherwise, and its stack goes to standard error", () => {
    const error = new TypeError("x is not a function");
    assert.deepEqual(grpcStatusOf(error), {
      code: status.INTERNAL,
      details: "x is not a function\n  this is a bug in endow: please report it, with what is written above",
    });
    assert.deepEqual(written, [error.stack]);
  });
});
