import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { fewAtOnce, serially } from "../../lib/local/concurrency";

describe("work on one file", () => {
  it("runs in sequence, in the order requested", async () => {
    const events: string[] = [];
    const piece = (name: string, milliseconds: number) =>
      serially("/a", async () => {
        events.push(`${name} begins`);
        await wait(milliseconds);
        events.push(`${name} ends`);
      });
    await Promise.all([piece("first", 20), piece("second", 1)]);
    assert.deepEqual(events, ["first begins", "first ends", "second begins", "second ends"]);
  });

  it("continues after a failure, and gives each caller its own result", async () => {
    const failed = serially("/b", () => Promise.reject(new Error("no disk")));
    const next = serially("/b", () => Promise.resolve("done"));
    await assert.rejects(failed, /no disk/);
    assert.equal(await next, "done");
  });

  it("does not wait for work on another file", async () => {
    let release = () => {};
    const held = serially("/c", () => new Promise<void>((resolve) => (release = resolve)));
    assert.equal(await serially("/d", () => Promise.resolve("not held up")), "not held up");
    release();
    await held;
  });
});

describe("work on one server", () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const piece = (number: number, signal?: AbortSignal) =>
    fewAtOnce(
      "server",
      () => {
        begun.push(number);
        return new Promise<number>((resolve, reject) => ends.push(() => (number === 1 ? reject(new Error("refused")) : resolve(number))));
      },
      signal,
    );
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it("runs a few pieces at a time, in order, even if one fails or is cancelled", async () => {
    const controller = new AbortController();
    const pieces = [0, 1, 2, 3, 4, 5, 6].map((number) => piece(number, number === 5 ? controller.signal : undefined));
    const results = Promise.allSettled(pieces);
    controller.abort(new Error("cancelled"));
    await settled();
    assert.deepEqual(begun, [0, 1, 2, 3]);
    assert.equal(await fewAtOnce("another server", async () => "done"), "done");
    for (let index = 0; index < 6; index += 1) {
      ends[index]?.();
      await settled();
      assert.ok(begun.length <= index + 5, begun.join());
    }
    assert.deepEqual(begun, [0, 1, 2, 3, 4, 6]);
    assert.deepEqual(
      (await results).map((result) => (result.status === "fulfilled" ? result.value : (result.reason as Error).message)),
      [0, "refused", 2, 3, 4, "cancelled", 6],
    );
  });
});
