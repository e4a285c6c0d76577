import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { serially } from "../../lib/local/concurrency";

describe("work on one file", () => {
  it("runs one piece after the other, in the order asked for", async () => {
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

  it("goes on after a piece that failed, and gives each caller its own outcome", async () => {
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
