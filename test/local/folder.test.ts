import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import path from "node:path";
import { environmentFolder } from "../../lib/local/folder";

describe("an environment's folder", () => {
  const named = (environment: string) => path.basename(environmentFolder({ project: "shop", root: tmpdir() }, environment));

  it("has the environment's name where a folder can have it", () => {
    assert.equal(named("development"), "development");
    assert.equal(named("pull-request-12"), "pull-request-12");
  });

  it("is another one for every environment, however alike or long the names", () => {
    const names = ["a.b", "a-b", "a_b", "A-b", "feature-checkout-redesign-1", "feature-checkout-redesign-2"];
    assert.equal(new Set(names.map(named)).size, names.length);
    for (const name of names) assert.match(named(name), /^[a-z0-9-]{1,33}$/);
  });
});
