import assert from "node:assert/strict";
import fc from "fast-check";
import { holdsUnknown, receive, send, UNKNOWN } from "../../../lib/pulumi/provider/marshal";
import { marked, struct } from "./harness";

// google-protobuf's own objects cannot have a property of this name.
const name = fc.string().filter((name) => name !== "__proto__");
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0 || 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(name, tie("any"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).any;
const properties = fc.dictionary(name, value, { maxKeys: 5, noNullPrototype: true });

describe("properties sent to and received from the engine", () => {
  it("survive a round trip, with the same ones secret", () => {
    fc.assert(
      fc.property(properties, fc.array(fc.nat(4)), (sent, picks) => {
        const secrets = new Set(Object.keys(sent).filter((_name, index) => picks.includes(index)));
        assert.deepEqual(receive(send({ properties: sent, secrets })), { properties: sent, secrets });
      }),
    );
  });

  it("stay secret as a whole, at whatever depth the engine's marker was", () => {
    const wrap = (inside: unknown, path: readonly string[]): unknown =>
      path.reduceRight((part, key) => (key === "" ? [part] : { [key]: part }), inside);
    fc.assert(
      fc.property(value, fc.array(fc.constantFrom("", "a", "b"), { maxLength: 4 }), (secret, path) => {
        const received = receive(struct({ open: 1, kept: wrap(marked(secret), path) }));
        assert.deepEqual(received, { properties: { open: 1, kept: wrap(secret, path) }, secrets: new Set(["kept"]) });
        const sent = send(received).toJavaScript();
        assert.deepEqual(sent, { open: 1, kept: marked(wrap(secret, path)) });
      }),
    );
  });

  it("lose absent values, at any depth", () => {
    const sent = send({ properties: { a: undefined, b: { c: undefined, d: 1 } }, secrets: new Set(["a"]) });
    assert.deepEqual(sent.toJavaScript(), { b: { d: 1 } });
  });

  it("are unknown when anything inside them is, secret or not", () => {
    const { properties, secrets } = receive(struct({ plain: UNKNOWN, deep: { a: [1, { b: marked(UNKNOWN) }] }, known: { a: "x" } }));
    assert.deepEqual(secrets, new Set(["deep"]));
    const unknown = Object.keys(properties).filter((name) => holdsUnknown(properties[name]));
    assert.deepEqual(unknown.toSorted(), ["deep", "plain"]);
  });
});
