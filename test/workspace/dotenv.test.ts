import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { readDotenv } from "../../lib/workspace/dotenv";
import { temporary } from "./temporary";

describe("the .env files of an app", () => {
  let place: ReturnType<typeof temporary>;
  beforeEach(() => (place = temporary()));
  afterEach(() => place.remove());

  it("are both read, .env.local first", () => {
    place.write(".env", "A=1\n");
    place.write(".env.local", "A=2\n");
    assert.deepEqual(
      readDotenv(place.folder).map(({ name, values }) => [name, { ...values }]),
      [
        [".env.local", { A: "2" }],
        [".env", { A: "1" }],
      ],
    );
  });

  it("may be absent, and a Python environment of that name is ignored", () => {
    mkdirSync(path.join(place.folder, ".env"));
    assert.deepEqual(readDotenv(place.folder), []);
  });

  it("may contain comments, exports, quotes and several lines", () => {
    const text = `\uFEFF# comment\n\nexport A=1 # one\nB="two\nlines # not a comment"\nC='#'\nD=\nE=a=b\n  F = spaced\nG=\`it's "both"\`\r\nH="say \\"hi\\""\n`;
    place.write(".env", text);
    const values: Readonly<Record<string, string>> = readDotenv(place.folder)[0]?.values ?? {};
    assert.deepEqual(Object.keys(values), ["A", "B", "C", "D", "E", "F", "G", "H"]);
    assert.equal(values["B"], "two\nlines # not a comment");
  });

  it("with an invalid line give an error that names the line without quoting it", () => {
    for (const [text, line] of [
      ["A=1\nhunter2\n", 2],
      ["A= 'hunter2\n", 1],
      ['A=1\nB=\t"hunter2\nC=2\n', 2],
      ['A=1\n\nB="hunter2\n', 3],
      ["A='x\ny'\nhunter2", 3],
      ["A=hunter2\0", 1],
      ["{ hunter2 }", 1],
    ] as const) {
      place.write(".env", text);
      assert.throws(
        () => readDotenv(place.folder),
        (error: Error & { code: string }) => {
          assert.equal(error.code, "DOTENV_INVALID");
          assert.ok(error.message.includes(`.env:${line} `), error.message);
          assert.ok(!error.message.includes("hunter2"));
          return true;
        },
      );
    }
  });
});
