import assert from "node:assert/strict";
import { duration, table } from "../../lib/cli/table";

describe("a table", () => {
  it("aligns its columns, without rules and without trailing blanks", () => {
    assert.equal(
      table(
        ["name", "port", "state"],
        [
          ["postgres", 5432, "running"],
          ["漢字", undefined, ""],
        ],
      ),
      "NAME      PORT  STATE\npostgres  5432  running\n漢字",
    );
  });

  it("without rows is empty", () => {
    assert.equal(table(["name"], []), "");
  });
});

describe("a duration", () => {
  it("is in its largest unit", () => {
    assert.deepEqual([0, 999, 59_999, 60_000, 3_600_000, 90_000_000, -5].map(duration), ["0 s", "0 s", "59 s", "1 m", "1 h", "1 d", "0 s"]);
  });
});
