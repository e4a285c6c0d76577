import assert from "node:assert/strict";
import fc from "fast-check";
import { Backoff } from "../../lib/supervisor/backoff";

describe("the restart backoff of a service", () => {
  it("starts at 50 ms, doubles, and gives up at the sixth death in 30 seconds", () => {
    const backoff = new Backoff();
    const waits = [0, 1, 2, 3, 4, 5].map((second) => backoff.next({ at: second * 1000, uptime: 10 }));
    assert.deepEqual(waits, [50, 100, 200, 400, 800, undefined]);
  });

  it("never exceeds 10 seconds for a service that dies slowly", () => {
    const backoff = new Backoff();
    const waits = Array.from({ length: 12 }, (_, index) => backoff.next({ at: index * 9_000, uptime: 8_000 }));
    assert.deepEqual(waits.slice(-3), [10_000, 10_000, 10_000]);
  });

  it("is reset after a process was up for 10 seconds", () => {
    const backoff = new Backoff();
    backoff.next({ at: 0, uptime: 0 });
    backoff.next({ at: 1, uptime: 0 });
    assert.equal(backoff.next({ at: 10_100, uptime: 10_000 }), 50);
  });

  it("is always between 50 ms and 10 seconds", () => {
    const deaths = fc.array(fc.record({ pause: fc.nat(60_000), uptime: fc.nat(60_000) }), { maxLength: 50 });
    fc.assert(
      fc.property(deaths, (all) => {
        const backoff = new Backoff();
        let at = 0;
        for (const { pause, uptime } of all) {
          at += pause + uptime;
          const wait = backoff.next({ at, uptime });
          assert.ok(wait === undefined || (wait >= 50 && wait <= 10_000));
        }
      }),
    );
  });
});
