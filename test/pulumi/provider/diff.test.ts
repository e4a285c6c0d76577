import assert from "node:assert/strict";
import fc from "fast-check";
import { changedInputs } from "../../../lib/pulumi/provider/diff";
import { UNKNOWN } from "../../../lib/pulumi/provider/marshal";

const none: ReadonlySet<string> = new Set();
const changes = (old: object, news: object, { encrypted = none, secrets = none } = {}) =>
  Object.fromEntries(changedInputs({ ...old }, encrypted, { properties: { ...news }, secrets }));

describe("the diff of inputs", () => {
  it("is empty for equal inputs in any order", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (inputs) => {
        assert.deepEqual(changes(inputs, Object.fromEntries(Object.entries(inputs).toReversed())), {});
      }),
    );
  });

  it("lists additions, deletions and updates, including nested ones", () => {
    const old = { kept: { a: [1, { b: 2 }] }, gone: 1, changed: { a: [1, { b: 2 }] } };
    assert.deepEqual(changes(old, { kept: { a: [1, { b: 2 }] }, changed: { a: [1, { b: 3 }] }, fresh: null }), {
      gone: "delete",
      changed: "update",
      fresh: "add",
    });
  });

  it("treats an unknown input as changed", () => {
    assert.deepEqual(changes({ a: UNKNOWN, b: 1 }, { a: UNKNOWN, b: [{ c: UNKNOWN }] }), { a: "update", b: "update" });
  });

  it("treats an input as changed that has become secret and is not encrypted yet", () => {
    const secrets = new Set(["a", "b"]);
    assert.deepEqual(changes({ a: 1, b: 1 }, { a: 1, b: 1 }, { secrets, encrypted: new Set(["b"]) }), { a: "update" });
    assert.deepEqual(changes({ a: 1 }, { a: 1 }, { encrypted: new Set(["a"]) }), {});
  });
});
