import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import * as api from "../../lib/index";
import { provisionedKinds } from "../../lib/kinds/provisioned";
import { describeKind } from "../conformance/kind";
import { builders, kindOf } from "../support/each-kind";

for (const builder of Object.values(builders)) describeKind(builder);

describe("the kinds", () => {
  const names = Object.values(builders).map(kindOf);

  it("are each called by one name, and have a public function of their own", () => {
    assert.equal(new Set(names).size, names.length);
    for (const name of provisionedKinds.names) assert.ok(names.includes(name), name);
  });

  it("are all that the package exports beside what is the same for every kind", () => {
    const others = Object.keys(api).filter((name) => !Object.hasOwn(builders, name));
    assert.deepEqual(
      others.toSorted(),
      ["EndowError", "Secret", "SettingsError", "fake", "load", "loadSync", "plan", "setting", "settings"].toSorted(),
    );
  });

  it("each have a test of what is their own", () => {
    const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const tests = readdirSync(path.resolve(__dirname, "../../../test/kinds"));
    for (const name of names) assert.ok(tests.includes(`${kebab(name)}.test.ts`), name);
  });
});
