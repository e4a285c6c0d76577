import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { lastLines, newLines } from "../../lib/cli/tail";

describe("the end of a log", () => {
  let folder = "";
  let file = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "endow-tail-"));
    file = path.join(folder, "log");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is empty if there is no log yet", async () => {
    assert.deepEqual((await lastLines(file, 3)).text, []);
  });

  it("has the requested number of complete lines, without control characters", async () => {
    writeFileSync(file, "one\ntwo\n\u001B[31mthree\u001B[0m\r\nunfinish");
    assert.deepEqual((await lastLines(file, 2)).text, ["two", "three"]);
    assert.deepEqual((await lastLines(file, 0)).text, []);
    assert.deepEqual((await lastLines(file, 9)).text, ["one", "two", "three"]);
  });

  it("continues with each line once it is complete, also after a rotation", async () => {
    writeFileSync(file, "one\ntw");
    const first = await lastLines(file, 9);
    appendFileSync(file, "o\nthree\n");
    const second = await newLines(file, first.place);
    assert.deepEqual(second.text, ["two", "three"]);
    renameSync(file, `${file}.1`);
    writeFileSync(file, "four\n");
    const third = await newLines(file, second.place);
    assert.deepEqual(third.text, ["four"]);
    assert.deepEqual((await newLines(file, third.place)).text, []);
  });
});
