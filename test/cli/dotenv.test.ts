import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { parseEnv } from "node:util";
import fc from "fast-check";
import { dotenvText } from "../../lib/cli/dotenv";
import { codeOf } from "../../lib/errors";
import { pythonWith } from "../support/python";

const PEM = "-----BEGIN KEY-----\nMIIB+/=\nabc#def\n-----END KEY-----\n";

const writable = [
  PEM,
  "",
  "a b",
  " leading and trailing ",
  "#not a comment",
  "a # b",
  "$HOME and $(id) and `id`",
  "it's",
  'say "hi"',
  `{"it's": "both"}`,
  "C:\\new\\table",
  "unicode: ä 漢 🙂",
  "line\nline",
  "\n",
  "a=b=c",
  "postgresql://u:p%40@127.0.0.1:5432/d?x=y",
];

const refused = ["a\r\nb", "${HOME}", `"it's" \\\\ #`, `'"\n`, `'"#`, "`'\""];

const characters = fc.constantFrom(..."ab \t\n'\"`\\#$={}%nrt".split(""));

describe("dotenv text", () => {
  const values = Object.fromEntries(writable.map((value, index) => [`V${index}`, value]));

  it("is read back unchanged by node", () => {
    assert.deepEqual({ ...parseEnv(dotenvText(values)) }, values);
  });

  it("is read back unchanged by python-dotenv", async function () {
    const python = await pythonWith(["python-dotenv==1.1.1"]);
    if (python === undefined) return this.skip();
    const program = "import io, json, sys, dotenv; print(json.dumps(dotenv.dotenv_values(stream=io.StringIO(sys.stdin.read()))))";
    const samples = fc.sample(
      fc.array(characters, { maxLength: 12 }).map((all) => all.join("")),
      { numRuns: 2000, seed: 7 },
    );
    const all = { ...values, ...Object.fromEntries(samples.filter(canWrite).map((value, index) => [`S${index}`, value])) };
    const { stdout, stderr } = spawnSync(python, ["-c", program], { input: dotenvText(all), encoding: "utf8" });
    assert.notEqual(stdout, "", stderr);
    assert.deepEqual(JSON.parse(stdout), all);
  });

  it("of any values is read back unchanged by node, or refused", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(characters, { maxLength: 12 }).map((all) => all.join("")),
          { maxLength: 5 },
        ),
        (texts) => {
          const all = Object.fromEntries(texts.filter(canWrite).map((value, index) => [`V${index}`, value]));
          assert.deepEqual({ ...parseEnv(dotenvText(all)) }, all);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("is refused for values that no quoting preserves, naming every variable and no value", () => {
    const all = Object.fromEntries(refused.map((value, index) => [`V${index}`, value]));
    assert.throws(
      () => dotenvText(all),
      (error: Error & { problems: { path: string }[] }) => {
        assert.equal(codeOf(error), "DOTENV_UNWRITABLE");
        assert.deepEqual(
          error.problems.map(({ path }) => path),
          Object.keys(all),
        );
        assert.ok(!error.message.includes("HOME"));
        return true;
      },
    );
  });
});

const canWrite = (value: string): boolean => {
  try {
    dotenvText({ V: value });
    return true;
  } catch (error) {
    assert.equal(codeOf(error), "DOTENV_UNWRITABLE");
    return false;
  }
};
