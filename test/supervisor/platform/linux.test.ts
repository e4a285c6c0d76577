import assert from "node:assert/strict";
import { linux, parseStat } from "../../../lib/supervisor/platform/linux";

describe("processes on Linux", () => {
  before(function () {
    if (process.platform !== "linux") {
      console.log("SKIP: processes on Linux: this is another system");
      this.skip();
    }
  });

  it("are parsed whatever their name contains", () => {
    const fields = "S 7 1 1 0 -1 4194304 1 0 0 0 1 1 0 0 20 0 1 0 4711 1000 1";
    for (const name of ["node", "a b", "x) R 1", "((", "new\nline"]) {
      assert.deepEqual(parseStat(`12 (${name}) ${fields}`), {
        pid: 12,
        parent: 7,
        group: 1,
        startTime: "4711",
        zombie: false,
        terminal: false,
      });
    }
    assert.equal(parseStat(`12 (x) ${fields.replace("S", "Z")}`).zombie, true);
    assert.equal(parseStat(`12 (x) ${fields.replace("1 1 0", "1 1 34816")}`).terminal, true);
  });

  it("include this one, with its parent and working directory", () => {
    assert.equal(linux.find(process.pid)?.parent, process.ppid);
    assert.equal(linux.workingDirectory(process.pid), process.cwd());
    assert.equal(linux.workingDirectories().get(process.pid), process.cwd());
    assert.equal(linux.find(2 ** 22 + 1), undefined);
  });
});
