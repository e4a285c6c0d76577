import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { parseEnv } from "node:util";
import fc from "fast-check";
import { dotenvText } from "../../lib/cli/dotenv";
import { bun } from "../../lib/workspace/dotenv/bun";
import { compose } from "../../lib/workspace/dotenv/compose";
import type { Dialect } from "../../lib/workspace/dotenv/dialect";
import * as nodeDialects from "../../lib/workspace/dotenv/node";
import * as pythonDialects from "../../lib/workspace/dotenv/python";
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

/** Values that no text gives all of them. */
const refused = ["a\r\nb", "${HOME}", `"it's" \\\\ #`, `'"\n`, `'"#`];

const characters = fc.constantFrom(..."ab \t\n'\"`\\#$={}%nrt".split(""));
const texts = (count: number): readonly string[] =>
  fc.sample(
    fc.array(characters, { maxLength: 12 }).map((all) => all.join("")),
    { numRuns: count, seed: 7 },
  );

const { dotenv, dotenvExpand, node } = nodeDialects;
const { pythonDotenv } = pythonDialects;
const USUAL = [dotenv, pythonDotenv, node];
const { decouple, djangoEnviron, pydanticSettings } = pythonDialects;
const DIALECTS: Readonly<Record<string, Dialect>> = {
  ...nodeDialects,
  pythonDotenv,
  pydanticSettings,
  decouple,
  djangoEnviron,
  bun,
  compose,
};

describe("dotenv text", () => {
  const values = Object.fromEntries(writable.map((value, index) => [`V${index}`, value]));

  it("is read back unchanged by node", () => {
    assert.deepEqual({ ...parseEnv(dotenvText(values, USUAL)) }, values);
  });

  it("is read back unchanged by python-dotenv", async function () {
    const python = await pythonWith(["python-dotenv==1.2.2"]);
    if (python === undefined) return this.skip();
    const program = "import io, json, sys, dotenv; print(json.dumps(dotenv.dotenv_values(stream=io.StringIO(sys.stdin.read()))))";
    const samples = texts(2000).filter((value) => canWrite(value, USUAL));
    const all = { ...values, ...Object.fromEntries(samples.map((value, index) => [`S${index}`, value])) };
    const { stdout, stderr } = spawnSync(python, ["-c", program], { input: dotenvText(all, USUAL), encoding: "utf8" });
    assert.notEqual(stdout, "", stderr);
    assert.deepEqual(JSON.parse(stdout), all);
  });

  for (const [name, dialect] of Object.entries(DIALECTS))
    it(`of any values is read back unchanged by ${name}, or rejected`, () => {
      const all = Object.fromEntries(texts(500).flatMap((value, index) => (canWrite(value, [dialect]) ? [[`V${index}`, value]] : [])));
      assert.ok(Object.keys(all).length > 250, `${Object.keys(all).length}`);
      const found = dialect.read([{ name: ".env", text: dotenvText(all, [dialect]) }], {});
      assert.deepEqual(Object.fromEntries([...found].map(([variable, { value }]) => [variable, value])), all);
    });

  it("escapes a $ for libraries that treat it as a reference", () => {
    assert.equal(dotenvText({ A: "pa$word" }, [dotenvExpand]), "A='pa\\$word'\n");
    assert.equal(dotenvText({ A: "pa$word" }, [dotenv]), "A='pa$word'\n");
  });

  it("is refused for values that no quoting preserves, naming every variable and no value", () => {
    const all = Object.fromEntries(refused.map((value, index) => [`V${index}`, value]));
    assert.throws(
      () => dotenvText(all, USUAL),
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

const canWrite = (value: string, dialects: readonly Dialect[]): boolean => {
  try {
    dotenvText({ V: value }, dialects);
    return true;
  } catch (error) {
    assert.equal(codeOf(error), "DOTENV_UNWRITABLE");
    return false;
  }
};
