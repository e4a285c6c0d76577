import assert from "node:assert/strict";
import fc from "fast-check";
import { isAtLeast, isVersion, otherVersion } from "../../../lib/local/sources/version";

const version = fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 4 });

describe("a program's version", () => {
  it("satisfies a request number by number, and any request without a version", () => {
    for (const asked of [undefined, "7", "7.0", "7.0.15"]) assert.ok(isVersion("7.0.15", asked));
    for (const asked of ["70", "7.1", "7.0.1", "8", "0.15"]) assert.ok(!isVersion("7.0.15", asked));
  });

  it("satisfies each of its own prefixes", () => {
    fc.assert(
      fc.property(version, fc.nat(), (parts, length) => {
        const asked = parts.slice(0, 1 + (length % parts.length)).join(".");
        assert.equal(otherVersion(parts.join("."), asked), undefined);
      }),
    );
  });

  it("is rejected with a reason that names both if it differs from the request", () => {
    assert.deepEqual(otherVersion("7.0.15", "8"), { reason: "it has version 7.0.15, not 8", version: "7.0.15" });
  });

  it("is compared as numbers, not as text", () => {
    assert.ok(isAtLeast("7.10", "7.9"));
    assert.ok(isAtLeast("7", "7.0"));
    assert.ok(!isAtLeast("6.2.14", "7.0"));
  });

  it("is at least another exactly if the other is not newer", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const [left, right] = [a.join("."), b.join(".")];
        assert.ok(isAtLeast(left, right) || isAtLeast(right, left));
        assert.ok(isAtLeast(left, left));
        assert.equal(isAtLeast(`${left}.1`, left), true);
      }),
    );
  });
});
