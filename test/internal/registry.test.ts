import assert from "node:assert/strict";
import { registryOf } from "../../lib/internal/registry";
import { errorOf } from "../support/errors";

const { names, find, get } = registryOf<(value: unknown) => string, (value: never) => string>("printer", {
  text: (value: string) => value.toUpperCase(),
  list: (value: readonly string[]) => value.join(),
});

describe("a registry", () => {
  it("finds an entry by a name that is known at run time alone", () => {
    assert.deepEqual(names, ["text", "list"]);
    assert.equal(get("text")("a"), "A");
    assert.equal(find("list")?.(["a", "b"]), "a,b");
  });

  it("has nothing under another name, nor under one that every object inherits something from", () => {
    for (const name of ["nats", "toString", "__proto__", "constructor", ""]) {
      assert.equal(find(name), undefined, name);
      const { code, message } = errorOf(() => get(name));
      assert.equal(code, "KIND_UNKNOWN");
      assert.ok(message.includes(`there is no printer for the kind ${JSON.stringify(name)}, only for text, list`), message);
    }
  });
});
