import assert from "node:assert/strict";
import { parseHolder, parseLsof, parsePs } from "../../../lib/supervisor/platform/darwin";

describe("processes on macOS", () => {
  it("are parsed from ps", () => {
    const text = "  501     1   501 Ss   ??       Sat Nov 21 22:18:15 2026    \n  502   501   501 Z    ttys001  Sat Nov 21 22:18:16 2026\n";
    assert.deepEqual(parsePs(text), [
      { pid: 501, parent: 1, group: 501, startTime: "Sat Nov 21 22:18:15 2026", zombie: false, terminal: false },
      { pid: 502, parent: 501, group: 501, startTime: "Sat Nov 21 22:18:16 2026", zombie: true, terminal: true },
    ]);
    assert.deepEqual(parsePs(""), []);
  });

  it("that hold a lock are parsed from the lock file, whatever it contains", () => {
    assert.deepEqual(parseHolder('{"pid":501,"startTime":"Sat Nov 21"}'), { pid: 501, startTime: "Sat Nov 21" });
    for (const text of ["", "null", "[]", "1", '"x"', "{", "{}", '{"pid":"501"}', '{"pid":501}', '{"pid":501,"startTime":null}', "\0\xFF"])
      assert.equal(parseHolder(text), undefined);
  });

  it("and their working directories are parsed from lsof", () => {
    assert.deepEqual(
      parseLsof("p501\nfcwd\nn/Users/a b/state\np502\nfcwd\nn/\n"),
      new Map([
        [501, "/Users/a b/state"],
        [502, "/"],
      ]),
    );
  });
});
