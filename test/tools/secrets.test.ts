import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { registerSecret } from "../support/secrets";
import { importTool } from "../support/tools";
import type * as Secrets from "../../tools/checks/secrets.mjs";

describe("the search for secrets in what a run printed", () => {
  let tool: typeof Secrets;
  let folder: string;
  const outer = process.env["ENDOW_TEST_SECRETS"];
  before(async () => {
    tool = await importTool<typeof Secrets>("checks/secrets.mjs");
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "endow-secrets-"));
    mkdirSync(path.join(folder, "private"), { mode: 0o700 });
    process.env["ENDOW_TEST_SECRETS"] = tool.secretsFile(folder);
  });
  afterEach(() => {
    if (outer === undefined) delete process.env["ENDOW_TEST_SECRETS"];
    else process.env["ENDOW_TEST_SECRETS"] = outer;
    rmSync(folder, { recursive: true, force: true });
  });

  it("fails when a registered value was printed, and shows the line without it", async () => {
    registerSecret("for this test only");
    const { failed, output } = await tool.secrets({ folder, printed: "up\npassword: for this test only!\ndown\n" });
    assert.equal(failed, 1);
    assert.match(output, /password: <registered secret>!/);
    assert.doesNotMatch(output, /for this test only|up|down/);
  });

  it("passes when none was", async () => {
    registerSecret("for this test only");
    assert.equal((await tool.secrets({ folder, printed: "password: ***\n" })).passed, 1);
  });

  it("says that it looked for nothing when no test registered a value", async () => {
    assert.equal((await tool.secrets({ folder, printed: "" })).skipped, 1);
  });

  it("finds a value in a URL, in JSON, in base64 and over several lines", () => {
    const value = 'a "p@ss"\nof two lines';
    const forms = [value, encodeURIComponent(value), JSON.stringify({ value }), Buffer.from(value).toString("base64")];
    for (const form of forms) assert.equal(tool.leaks(`before ${form} after`, [value]).length, 1, form);
  });

  it("keeps the values where only their owner can read them", () => {
    registerSecret("for this test only");
    assert.equal(statSync(tool.secretsFile(folder)).mode & 0o077, 0);
  });

  it("refuses to register a value that would be found by chance", () => {
    assert.throws(() => registerSecret("redis"), /at least 8 characters/);
  });
});
