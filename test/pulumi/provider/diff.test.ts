import assert from "node:assert/strict";
import fc from "fast-check";
import { changedInputs } from "../../../lib/pulumi/provider/diff";
import { UNKNOWN } from "../../../lib/pulumi/provider/marshal";

const none: ReadonlySet<string> = new Set();
const changes = (old: object, news: object, { encrypted = none, secrets = none } = {}) =>
  Object.fromEntries(changedInputs({ ...old }, encrypted, { properties: { ...news }, secrets }));

describe("the difference of inputs", () => {
  it("is nothing for equal ones, in whatever order", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (inputs) => {
        assert.deepEqual(changes(inputs, Object.fromEntries(Object.entries(inputs).toReversed())), {});
      }),
    );
  });

  it("tells what was added, deleted and updated, also deep inside", () => {
    const old = { kept: { a: [1, { b: 2 }] }, gone: 1, changed: { a: [1, { b: 2 }] } };
    assert.deepEqual(changes(old, { kept: { a: [1, { b: 2 }] }, changed: { a: [1, { b: 3 }] }, fresh: null }), {
      gone: "delete",
      changed: "update",
      fresh: "add",
    });
  });

  it("holds what is not known yet for changed", () => {
    assert.deepEqual(changes({ a: UNKNOWN, b: 1 }, { a: UNKNOWN, b: [{ c: UNKNOWN }] }), { a: "update", b: "update" });
  });

  it("holds for changed what has become secret and is not encrypted yet", () => {
    const secrets = new Set(["a", "b"]);
    assert.deepEqual(changes({ a: 1, b: 1 }, { a: 1, b: 1 }, { secrets, encrypted: new Set(["b"]) }), { a: "update" });
    assert.deepEqual(changes({ a: 1 }, { a: 1 }, { encrypted: new Set(["a"]) }), {});
  });
});
