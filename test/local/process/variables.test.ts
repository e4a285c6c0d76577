import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { assignmentsOf, keepVariables } from "../../../lib/local/process/variables";
import { temporaryFolder } from "../../support/local-server";

describe("the variables of a process", () => {
  let folder: string;
  let remove: () => Promise<void>;
  before(async () => ({ folder, remove } = await temporaryFolder("variables")));
  after(() => remove());

  it("are read back unchanged by a shell", () => {
    const file = path.join(folder, "values.sh");
    const text = fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\0", ""));
    const odd = fc.string({ unit: fc.constantFrom("'", '"', "\\", "$", "`", "\n", " ", "!", "#", "a", "%") });
    fc.assert(
      fc.property(fc.oneof(text, odd), (value) => {
        writeFileSync(file, assignmentsOf({ VALUE: value }));
        const read = execFileSync("/bin/sh", ["-c", '. "$0"; printf %s. "$VALUE"', file]);
        assert.equal(read.toString(), `${value}.`);
      }),
      { numRuns: 60 },
    );
  });

  it("have a revision that changes only with them and does not reveal them", async () => {
    const keep = async (variables: Record<string, string>) => (await keepVariables(folder, variables)).revision;
    const first = await keep({ A: "1", B: "2" });
    assert.equal(await keep({ B: "2", A: "1" }), first);
    const second = await keep({ A: "1", B: "3" });
    const third = await keep({ A: "1", B: "2" });
    assert.equal(new Set([first, second, third]).size, 3);
    const file = path.join(folder, "variables.sh");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal(await readFile(file, "utf8"), `# ${third}\nA='1'\nB='2'\n`);
  });
});
