import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { locateApp } from "../../lib/workspace/app";
import { findPackage, projectName } from "../../lib/workspace/root";
import { temporary } from "./temporary";

describe("the app's folder", () => {
  let place: ReturnType<typeof temporary>;
  beforeEach(() => (place = temporary()));
  afterEach(() => place.remove());
  const at = (...parts: string[]) => path.join(place.folder, ...parts);

  it("is the nearest one with a manifest or a settings file", () => {
    place.write("package.json", "{}");
    place.write("api/pyproject.toml");
    place.write("api/deep/er/file");
    place.write("worker/config/settings.mjs");
    place.write("worker/lib/file");
    place.write("web/lib/file");
    assert.equal(findPackage(at("api/deep/er")), at("api"));
    assert.equal(findPackage(at("worker/lib")), at("worker"));
    assert.equal(findPackage(at("web/lib")), at());
  });

  it("is the same from the folder of the settings file", () => {
    for (const inner of ["src", "infra", "config"]) {
      place.write(`${inner}-app/${inner}/settings.ts`);
      assert.equal(findPackage(at(`${inner}-app`)), at(`${inner}-app`));
      assert.equal(findPackage(at(`${inner}-app`, inner)), at(`${inner}-app`));
    }
  });

  it("must exist, and be a folder", () => {
    const file = place.write("package.json", "{}");
    for (const start of [file, path.join(file, "inner")]) assert.throws(() => findPackage(start), { code: "FOLDER_NOT_FOUND" });
    assert.throws(() => findPackage(at("none")), { code: "FOLDER_NOT_FOUND" });
  });

  it("may have any name", () => {
    for (const name of [`it's "quoted" $HOME`, "with space", "ünïcode 漢字", "-rf", "a\nb"]) {
      place.write(`${name}/package.json`, "{}");
      mkdirSync(at(name, "inner"));
      assert.equal(findPackage(at(name, "inner")), at(name));
    }
  });

  it("gives a project its name: package.json's without scope, pyproject's, else the folder's", () => {
    place.write("a/package.json", '{ "name": "@acme/shop" }');
    place.write("b/pyproject.toml", '[project]\nname = "python-shop"\n');
    place.write("Mein Café/package.json", "{}");
    place.write("漢字/package.json", "{}");
    assert.equal(locateApp({ cwd: at("a") }).project, "shop");
    assert.equal(locateApp({ cwd: at("b") }).project, "python-shop");
    assert.equal(locateApp({ cwd: at("Mein Café") }).project, "Mein-Cafe");
    assert.equal(locateApp({ cwd: at("漢字") }).project, "app");
    assert.equal(locateApp({ cwd: at("a"), project: "other" }).project, "other");
  });

  it("with an unreadable manifest is an error that names the file", () => {
    for (const [file, text] of [
      ["package.json", "{"],
      ["package.json", '{ "name": 3 }'],
      ["package.json", '{ "endow": { "settings": [] } }'],
      ["pyproject.toml", "= nothing"],
    ] as const) {
      const folder = path.dirname(place.write(`broken/${file}`, text));
      assert.throws(() => locateApp({ cwd: folder }), { code: "MANIFEST_INVALID" });
      place.write(`broken/${file}`, file === "package.json" ? "{}" : "");
    }
  });

  it("turns any name into a valid project name", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (name) => /^\w[\w.-]*$/.test(projectName("/x", name, undefined))));
  });

  it("refuses an invalid name given by the user instead of changing it", () => {
    assert.throws(() => projectName("/x", undefined, "my shop"), { code: "PROJECT_NAME" });
    assert.throws(() => projectName("/x", undefined, ""), { code: "PROJECT_NAME" });
  });
});
