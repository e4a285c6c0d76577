import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { load, loadSync, secret, settings } from "../../lib/index";
import { errorOf, everythingIn, rejectionOf, told } from "../support/errors";

const env = { TOKEN: "qzjw-xkvv", PORT: "80" };
const withCheck = (check: (config: { token: { reveal: () => string }; port: number }) => never) =>
  settings("shared", { token: secret(), port: z.number() }, { check });
const giving = (verdict: unknown) => withCheck((() => verdict) as never);

describe("a check", () => {
  it("sees the values once all are valid", async () => {
    let calls = 0;
    const group = settings(
      "shared",
      { port: z.number() },
      { check: ({ port }) => (++calls, port > 1024 || "the port must be above 1024") },
    );
    assert.throws(() => loadSync(group, { env: { PORT: "x" } }), /PORT must be a number/);
    assert.equal(calls, 0);
    assert.deepEqual(told(errorOf(() => loadSync(group, { env }))), ["CHECK_FAILED the port must be above 1024"]);
    assert.deepEqual(told(await rejectionOf(load(group, { env }))), ["CHECK_FAILED the port must be above 1024"]);
    assert.equal((await load(group, { env: { PORT: "8000" } })).port, 8000);
  });

  it("may be asynchronous, but not for loadSync", async () => {
    const slow = giving(sleep(1).then(() => "not today"));
    assert.match((await rejectionOf(load(slow, { env }))).message, /not today/);
    for (const verdict of [true, "no"])
      assert.equal(errorOf(() => loadSync(giving(Promise.resolve(verdict)), { env })).code, "ASYNC_CHECK");
    assert.equal(errorOf(() => loadSync(giving(Promise.reject(new Error("late"))), { env })).code, "ASYNC_CHECK");
  });

  it("that throws is reported without its message, which may quote a value", async () => {
    const throwing = withCheck(({ token }) => {
      throw new TypeError(`cannot use ${token.reveal()}`);
    });
    const rejecting = giving(Promise.reject(new RangeError("qzjw")));
    for (const error of [
      errorOf(() => loadSync(throwing, { env })),
      await rejectionOf(load(throwing, { env })),
      await rejectionOf(load(rejecting, { env })),
    ]) {
      assert.match(told(error).join(), /^CHECK_FAILED a check of the group threw a (Type|Range)Error$/);
      assert.doesNotMatch(everythingIn(error), /qzjw/);
    }
  });

  it("that returns neither true nor a message has failed", () => {
    for (const verdict of [false, undefined, null, 0, 1, {}])
      assert.deepEqual(told(errorOf(() => loadSync(giving(verdict), { env }))), [
        "CHECK_FAILED a check of the group must return true or an error message",
      ]);
  });
});

describe("a check of one setting", () => {
  const slow = settings("shared", {
    port: z.number().refine(async (port) => sleep(1).then(() => port > 1024), "too low"),
    token: secret(),
  });

  it("may be asynchronous, but not for loadSync", async () => {
    assert.match((await rejectionOf(load(slow, { env }))).message, /PORT is refused: too low/);
    assert.equal((await load(slow, { env: { ...env, PORT: "8000" } })).port, 8000);
    const error = errorOf(() => loadSync(slow, { env }));
    assert.equal(error.code, "ASYNC_CHECK");
    assert.match(error.message, /shared\.port has an asynchronous check/);
  });

  it("may be asynchronous on a kind as well", async () => {
    const group = settings("shared", { token: secret().refine(async (token) => token.reveal() === "right") });
    assert.equal((await load(group, { env: { TOKEN: "right" } })).token.reveal(), "right");
    const error = await rejectionOf(load(group, { env }));
    assert.match(error.message, /TOKEN fails a check of its declaration/);
    assert.doesNotMatch(everythingIn(error), /qzjw/);
  });
});
