import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { program } from "../../lib/cli/program";
import { COUNTED, makeSandbox, PLAIN, type Sandbox } from "./harness";

describe("the command line", () => {
  let box: Sandbox;
  before(() => {
    box = makeSandbox("shop", COUNTED);
    box.write("settings.ts", PLAIN);
  });
  after(() => box.clean());

  it("prints its version", async () => {
    const { version } = JSON.parse(readFileSync(path.join(__dirname, "../../../package.json"), "utf8")) as { version: string };
    assert.deepEqual(await box.run(["--version"]), { code: 0, signal: null, stdout: `${version}\n`, stderr: "" });
  });

  it("has help with examples for every command", async () => {
    const names = program("0.0.0").commands.map((command) => command.name());
    assert.deepEqual(names, ["dev", "run", "status", "logs", "env", "plan", "setup"]);
    const pages = await Promise.all(names.map((name) => box.run(["help", name])));
    for (const [index, { code, stdout }] of pages.entries()) {
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^Usage: endow ${names[index]} [^]*\nExamples:\n {2}endow ${names[index]}`));
    }
  });

  it("answers unknown input with a suggestion and exit code 2", async () => {
    const cases = [
      [["devv"], /unknown command 'devv'[^]*Did you mean dev\?/],
      [["dev", "--prot", "a=1"], /unknown option '--prot'[^]*Did you mean --port\?/],
      [["dev", "--port", "postgres"], /server=value/],
      [["dev", "--port", "postgres=99999"], /from 1024 to 65535/],
      [["dev", "--port", "postgres=443"], /from 1024 to 65535/],
      [["logs", "--lines", "many"], /whole number/],
      [["run"], /missing required argument/],
      [["status", "too", "many"], /too many arguments/],
      [[], /Usage: endow/],
    ] as const;
    for (const [parameters, expected] of cases) {
      const { code, stdout, stderr } = await box.run(parameters);
      assert.equal(code, 2, parameters.join(" "));
      assert.match(stderr, expected);
      assert.equal(stdout, "");
    }
  });
});
