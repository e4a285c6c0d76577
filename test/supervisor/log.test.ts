import assert from "node:assert/strict";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { lastLines, openLog, trimLog } from "../../lib/supervisor/log";
import { fileText } from "../support/supervised";

describe("a log", () => {
  let folder = "";
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "endow-log-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("is created private and appended to", () => {
    const file = path.join(folder, "a.log");
    for (const text of ["one\n", "two\n"]) {
      const { descriptor } = openLog(file);
      writeSync(descriptor, text);
      closeSync(descriptor);
    }
    assert.equal(readFileSync(file, "utf8"), "one\ntwo\n");
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it("larger than 10 MB is rotated when it is opened", () => {
    const file = path.join(folder, "b.log");
    writeFileSync(file, "old");
    truncateSync(file, 10 * 1024 * 1024 + 1);
    const { descriptor, size } = openLog(file);
    closeSync(descriptor);
    assert.equal(size, 0);
    assert.equal(statSync(file).size, 0);
    assert.equal(statSync(`${file}.1`).size, 10 * 1024 * 1024 + 1);
  });

  it("larger than 10 MB is rotated while a process appends to it", () => {
    const file = path.join(folder, "d.log");
    const { descriptor } = openLog(file);
    writeSync(descriptor, "old\n");
    trimLog(file);
    assert.deepEqual([fileText(file), existsSync(`${file}.1`)], ["old\n", false]);
    truncateSync(file, 10 * 1024 * 1024 + 1);
    trimLog(file);
    writeSync(descriptor, "new\n");
    closeSync(descriptor);
    assert.equal(fileText(file), "new\n");
    assert.equal(fileText(`${file}.1`).slice(0, 4), "old\n");
    assert.deepEqual([statSync(`${file}.1`).size, statSync(`${file}.1`).mode & 0o777], [10 * 1024 * 1024 + 1, 0o600]);
    assert.deepEqual(lastLines(file, 1000), ["new"]);
    trimLog(path.join(folder, "none.log"));
  });

  it("is truncated even if it cannot be copied", () => {
    const file = path.join(folder, "e.log");
    writeFileSync(file, "");
    truncateSync(file, 10 * 1024 * 1024 + 1);
    mkdirSync(`${file}.1`);
    assert.throws(() => trimLog(file), { syscall: "copyfile" });
    assert.equal(statSync(file).size, 0);
  });

  it("is not opened through a symlink", () => {
    symlinkSync(path.join(folder, "a.log"), path.join(folder, "link.log"));
    assert.throws(() => openLog(path.join(folder, "link.log")), { code: "ELOOP" });
  });

  it("returns its last 20 lines since a start, without terminal control sequences", () => {
    const file = path.join(folder, "c.log");
    writeFileSync(file, `earlier\n${Array.from({ length: 30 }, (_, index) => `\u001B[31mline ${index}\u001B[0m\n`).join("")}`);
    const lines = lastLines(file, "earlier\n".length);
    assert.deepEqual([lines.length, lines[0], lines.at(-1)], [20, "line 10", "line 29"]);
    assert.deepEqual(lastLines(file, statSync(file).size), []);
    assert.deepEqual(lastLines(path.join(folder, "none.log")), []);
  });
});
