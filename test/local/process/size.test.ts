import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import type { EndowError } from "../../../lib/errors";
import { checkSize } from "../../../lib/local/process/size";
import { skipUnless } from "../../support/prerequisite";

const SECRET = "s3cret-Value-of-a-test";
/** A value of a given length. */
const secret = (length: number): string => SECRET.repeat(length / SECRET.length + 1).slice(0, length);

describe("the size of a program's arguments and variables", () => {
  const command = ["node", "server.js"];
  const page = Number(execFileSync("getconf", ["PAGESIZE"], { encoding: "utf8" }));
  const most = 32 * page;
  const total = Number(execFileSync("getconf", ["ARG_MAX"], { encoding: "utf8" }));
  const refusal = async (given: readonly string[], variables: Readonly<Record<string, string>>): Promise<EndowError> => {
    const error: unknown = await checkSize({ name: "web", command: given, variables }).then(
      () => assert.fail("it was taken"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Error && !error.message.includes(SECRET));
    return error as EndowError;
  };

  it("is accepted up to the system's limit", async function () {
    await checkSize({ name: "web", command, variables: { SMALL: "1", EMPTY: "", ABSENT: undefined } });
    skipUnless(this, process.platform === "linux", "a variable has a largest size on Linux alone");
    await checkSize({ name: "web", command, variables: { LARGE: secret(most - "LARGE=".length - 1) } });
  });

  it("is reported for each variable that is too large on Linux, with the limit and a fix", async function () {
    skipUnless(this, process.platform === "linux", "a variable has a largest size on Linux alone");
    const { code, problems } = await refusal(command, { LARGE: secret(most - "LARGE=".length), OTHER: secret(most * 2), SMALL: "1" });
    assert.equal(code, "VARIABLE_TOO_LARGE");
    const bytes = (count: number) => count.toLocaleString("en");
    assert.deepEqual(
      problems.map(({ path, message }) => `${path}: ${message}`),
      [
        `LARGE: LARGE has ${bytes(most + 1)} bytes, but Linux allows at most ${bytes(most)} per variable`,
        `OTHER: OTHER has ${bytes(most * 2 + "OTHER=".length + 1)} bytes, but Linux allows at most ${bytes(most)} per variable`,
      ],
    );
    assert.match(problems[0]?.fix ?? "", /write the value to a file, and set LARGE_FILE to its path, which load\(\) reads/);
  });

  it("is reported for an argument that is too large on Linux, by its position", async function () {
    skipUnless(this, process.platform === "linux", "a parameter has a largest size on Linux alone");
    const { code, problems } = await refusal([...command, secret(most)], {});
    assert.equal(code, "PARAMETER_TOO_LARGE");
    assert.match(problems[0]?.message ?? "", /^argument 2 of node has [\d,]+ bytes, but Linux allows at most [\d,]+ per argument$/);
  });

  it("is reported for the total, with the largest variables", async function () {
    skipUnless(this, total < 2 ** 25, "this system has no such limit, or a very high one");
    const many = Object.fromEntries(
      Array.from({ length: Math.ceil(total / 100_000) + 1 }, (_, index) => [`PART_${index}`, secret(100_000)]),
    );
    const { code, problems } = await refusal(command, { ...many, LARGEST: secret(120_000) });
    assert.equal(code, "ENVIRONMENT_TOO_LARGE");
    assert.match(
      problems[0]?.message ?? "",
      /total [\d,]+ bytes, but the system allows at most [\d,]+; the largest: LARGEST \(120,009 bytes\), PART_\d/,
    );
    assert.match(problems[0]?.fix ?? "", /set LARGEST_FILE to its path/);
  });
});
