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

  it("each have one name and their own public function", () => {
    assert.equal(new Set(names).size, names.length);
    for (const name of provisionedKinds.names) assert.ok(names.includes(name), name);
  });

  it("are the only exports of the package that differ by kind", () => {
    const others = Object.keys(api).filter((name) => !Object.hasOwn(builders, name));
    assert.deepEqual(
      others.toSorted(),
      ["EndowError", "Secret", "SettingsError", "fake", "load", "loadSync", "setting", "settings"].toSorted(),
    );
  });

  it("each have their own test", () => {
    const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const tests = readdirSync(path.resolve(__dirname, "../../../test/kinds"));
    for (const name of names) assert.ok(tests.includes(`${kebab(name)}.test.ts`), name);
  });
});
