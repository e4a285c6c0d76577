import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const sources = path.resolve(__dirname, "../../lib");
/** Casts where a type cannot be expressed: each is in a one-line function that explains why it holds. */
const BUDGET = 12;

/** Unchecked assertions, by location. */
const holesIn = (file: string, text: string): readonly string[] =>
  [...text.matchAll(/\bas\s+unknown\s+as\b|\bas\s+never\b|\bas\s+any\b/g)].map(
    ({ index, 0: words }) => `${file}:${text.slice(0, index).split("\n").length} ${words.replaceAll(/\s+/g, " ")}`,
  );

describe("type assertions that the compiler does not check", () => {
  it("are found on one line and across two lines", () =>
    assert.deepEqual(holesIn("a.ts", "const a = b as unknown as C;\nconst d = e as\n  never;\nconst f = g as unknown;"), [
      "a.ts:1 as unknown as",
      "a.ts:2 as never",
    ]));

  it(`occur at most ${BUDGET} times in the whole library`, () => {
    const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    assert.ok(files.length > 100, `${sources} contains all the sources`);
    const holes = files.flatMap((file) => holesIn(file, readFileSync(path.join(sources, file), "utf8")));
    assert.ok(holes.length <= BUDGET, `there are ${holes.length}:\n${holes.join("\n")}`);
  });
});
