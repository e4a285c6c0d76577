import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { apiKeys, bucket, loadSync, postgresUrl, redisUrl, secret, setting, settings } from "../lib";
import { SettingsError } from "../lib/errors";
import { errorOf } from "./support/errors";

type Group = Parameters<typeof loadSync>[0];
/** What is refused, and the sentence and the fix that a person reads. */
type Refusal = readonly [what: string, load: () => unknown, message: string, fix: string];

const load = (group: Group, env: Record<string, string>, environment = "development") => loadSync(group, { env, environment });
/** One setting under the name VALUE. */
const value = (schema: z.ZodType, VALUE: string, environment?: string) => () =>
  load(settings("app", { value: schema }), { VALUE }, environment);

const QUOTES = "remove the quotes: `docker --env-file` and many dashboards keep them";
const CARRIAGE_RETURN = "save the file that it comes from with Unix line endings (LF)";
const LINE_BREAK = "remove the line break: `echo` adds one, `printf %s` does not";
const REFERENCE = "write the value itself: nothing expanded the reference";
const DIGITS = "write digits, such as 42 or -1.5";
const EXACTLY = "write it exactly as listed";
const LIST = 'write JSON, such as ["a","b"]';
const SEPARATED = `${LIST}, or declare setting(schema, { separator: "," }) to read a,b`;
const OBJECT = 'write JSON, such as {"a":1}';
const CORRECT = "correct the value of VALUE";
const REAL = "set VALUE to the real value; if it is yours to choose, generate a long random one";
const WEAK = "looks like a placeholder or is easy to guess, which production refuses";
const SET = "set VALUE in the environment (or VALUE_FILE)";

const plain: readonly Refusal[] = [
  ["a word as a number", value(z.number(), "abc"), "VALUE must be a number", DIGITS],
  ["a decimal comma", value(z.number(), "1,5"), "VALUE must be a number", DIGITS],
  ["a number in quotes", value(z.number(), '"5"'), "VALUE has quotes around it", QUOTES],
  ["a reference as a number", value(z.number(), "${PORT}"), "VALUE contains an unexpanded ${...}", REFERENCE],
  ["a fraction as an integer", value(z.int(), "1.5"), "VALUE must be a whole number", CORRECT],
  ["a fraction as a bigint", value(z.bigint(), "1.5"), "VALUE must be a whole number", "write only digits, such as 42"],
  [
    "another word as a boolean",
    value(z.boolean(), "maybe"),
    "VALUE must be true or false (also 1, 0, yes, no, on, off)",
    "write true or false",
  ],
  ["a boolean in quotes", value(z.boolean(), "'true'"), "VALUE has quotes around it", QUOTES],
  ["a reference as a boolean", value(z.boolean(), "$DEBUG"), "VALUE is an unexpanded $NAME", REFERENCE],
  ["another case of an enum", value(z.enum(["openai", "local"]), "OpenAI"), 'VALUE must be one of "openai", "local"', EXACTLY],
  ["an enum from a Windows file", value(z.enum(["openai", "local"]), "local\r"), "VALUE ends with a carriage return", CARRIAGE_RETURN],
  ["an enum with a line break", value(z.enum(["openai", "local"]), "local\n"), "VALUE ends with a line break", LINE_BREAK],
  ["an enum in quotes", value(z.enum(["openai", "local"]), '"local"'), "VALUE has quotes around it", QUOTES],
  ["another literal", value(z.literal([1, 2]), "3"), "VALUE must be one of 1, 2", EXACTLY],
  ["a word as a date", value(z.coerce.date(), "soon"), "VALUE must be a date, such as 2026-01-31 or 2026-01-31T12:00:00Z", CORRECT],
  ["an object that is not JSON", value(z.object({ a: z.number() }), "a=1"), "VALUE must be a JSON object", OBJECT],
  ["JSON in quotes", value(z.object({ a: z.number() }), `'{"a":1}'`), "VALUE has quotes around it", QUOTES],
  ["a wrong part of an object", value(z.object({ a: z.number() }), '{"a":"x"}'), "VALUE must be a number at a", CORRECT],
  ["an undeclared key", value(z.strictObject({ a: z.number() }), '{"a":1,"b":2}'), "VALUE has a key that is not declared", CORRECT],
  ["a record that is not JSON", value(z.record(z.string(), z.number()), "{a:1}"), "VALUE must be a JSON object", OBJECT],
  ["less than the minimum", value(z.number().min(5), "3"), "VALUE must be at least 5", CORRECT],
  ["the excluded minimum", value(z.number().gt(5), "5"), "VALUE must be more than 5", CORRECT],
  ["more than the maximum", value(z.number().max(5), "7"), "VALUE must be at most 5", CORRECT],
  ["no multiple", value(z.number().multipleOf(5), "7"), "VALUE must be a multiple of 5", CORRECT],
  ["a short text", value(z.string().min(9), "abc"), "VALUE must have at least 9 characters", CORRECT],
  ["a long text", value(z.string().max(1), "abc"), "VALUE must have at most 1 character", CORRECT],
  ["a text of another length", value(z.string().length(2), "abc"), "VALUE must have exactly 2 characters", CORRECT],
  ["a word as a URL", value(z.url(), "shop"), "VALUE must be a valid URL", CORRECT],
  ["a URL in quotes", value(z.url(), '"https://shop.test"'), "VALUE has quotes around it", QUOTES],
  ["a reference in a URL", value(z.url().optional(), "https://${HOST}/"), "VALUE contains an unexpanded ${...}", REFERENCE],
  ["a word as an email address", value(z.email(), "nobody"), "VALUE must be a valid email address", CORRECT],
  ["a number as a UUID", value(z.uuid(), "42"), "VALUE must be a valid UUID", CORRECT],
  ["a name as an address", value(z.ipv4(), "localhost"), "VALUE must be a valid IPv4 address", CORRECT],
  ["a word as a time", value(z.iso.datetime(), "now"), "VALUE must be a valid date and time, such as 2026-01-31T12:00:00Z", CORRECT],
  ["a national date", value(z.iso.date(), "1.2.2026"), "VALUE must be a valid date, such as 2026-01-31", CORRECT],
  ["a text of another form", value(z.string().regex(/^\d+$/), "a"), "VALUE does not match the declared format", CORRECT],
  ["another prefix", value(z.string().startsWith("pk_"), "sk"), 'VALUE must start with "pk_"', CORRECT],
  [
    "a text that a check refuses",
    value(
      z.string().refine(() => false, "must not be reserved"),
      "x",
    ),
    "VALUE is refused: must not be reserved",
    CORRECT,
  ],
];

const lists: readonly Refusal[] = [
  ["a comma list without separator", value(z.array(z.string()), "a,b,c"), "VALUE must be a JSON array", SEPARATED],
  ["a list of objects that is not JSON", value(z.array(z.object({})), "x"), "VALUE must be a JSON array", LIST],
  ["a tuple that is not JSON", value(z.tuple([z.string()]), "a"), "VALUE must be a JSON array", LIST],
  [
    "a word in a list of numbers",
    value(setting(z.array(z.number()), { separator: "," }), "1,x"),
    'VALUE must be a list separated by ",", each entry a number',
    CORRECT,
  ],
  [
    "another word in a list of enums",
    value(setting(z.array(z.enum(["a", "b"])), { separator: ";" }), "a;c"),
    'VALUE must be a list separated by ";", each entry one of "a", "b"',
    CORRECT,
  ],
  ["a list in quotes", value(setting(z.array(z.number()), { separator: "," }), '"1,2"'), "VALUE has quotes around it", QUOTES],
  ["a short list", value(setting(z.array(z.string()).min(2), { separator: "," }), "a,"), "VALUE must have at least 2 entries", CORRECT],
  ["an empty list", value(z.array(z.string()).min(1), "[]"), "VALUE must have at least 1 entry", CORRECT],
];

const secrets: readonly Refusal[] = [
  ["a secret in double quotes", value(secret(), '"k7Gq2vXp"'), "VALUE has quotes around it", QUOTES],
  ["a secret in single quotes", value(secret(), "'k7Gq2vXp'"), "VALUE has quotes around it", QUOTES],
  ["a secret with a line break", value(secret(), "k7Gq2vXp\n"), "VALUE ends with a line break", LINE_BREAK],
  ["a secret from a Windows file", value(secret(), "k7Gq2vXp\r\n"), "VALUE ends with a carriage return", CARRIAGE_RETURN],
  ["a secret with a carriage return", value(secret(), "k7Gq2vXp\r"), "VALUE ends with a carriage return", CARRIAGE_RETURN],
  ["a reference as a secret", value(secret(), "${API_KEY}"), "VALUE contains an unexpanded ${...}", REFERENCE],
  ["a reference with a default", value(secret(), "${API_KEY:-}"), "VALUE contains an unexpanded ${...}", REFERENCE],
  ["a reference without braces", value(secret(), "$API_KEY"), "VALUE is an unexpanded $NAME", REFERENCE],
  ["a command as a secret", value(secret(), "$(openssl rand -hex 32)"), "VALUE is an unexpanded $(...)", REFERENCE],
  ["another prefix", value(secret(z.string().startsWith("sk-")), "pk-1"), 'VALUE must start with "sk-"', CORRECT],
  ["a short secret", value(secret(z.string().min(32)), "k7Gq2vXp"), "VALUE must have at least 32 characters", CORRECT],
  ["a secret that is not JSON", value(secret(z.object({})), "{"), "VALUE must be a JSON object", CORRECT],
  [
    "a secret that a check refuses",
    value(secret(z.string().refine(() => false, "no")), "x"),
    "VALUE fails a check of its declaration",
    CORRECT,
  ],
  ["an instruction in production", value(secret(), "generate_a_new_key", "production"), `VALUE ${WEAK}`, REAL],
  ["a masked token in production", value(secret(), "sk-proj-xxxxxxxx", "production"), `VALUE ${WEAK}`, REAL],
  [
    "few characters in production",
    value(secret(), "k7Gq2", "production"),
    "VALUE is shorter than 8 characters, which production refuses",
    REAL,
  ],
  [
    "the user name as the password in production",
    () => load(settings("app", { value: postgresUrl() }), { VALUE: "postgres://postgres:postgres@db/shop" }, "production"),
    "VALUE has a password that is its user name, which production refuses",
    REAL,
  ],
  [
    "an example of a password in production",
    () => load(settings("app", { value: redisUrl() }), { VALUE: "redis://:changethis@cache" }, "production"),
    `VALUE has a password that ${WEAK}`,
    REAL,
  ],
  [
    "one secret twice in production",
    () => load(settings("app", { one: secret(), two: secret() }), { ONE: "k7Gq2vXp", TWO: "k7Gq2vXp" }, "production"),
    "ONE and TWO hold the same secret, which production refuses",
    "give TWO its own secret, or unset it and declare the setting with { fallback } if the two are meant to be the same",
  ],
];

const FORM =
  'VALUE must have the form "key:namespace,key:namespace", and entry 1 of 1 does not; a namespace is 1 to 64 characters of A-Z a-z 0-9 . _ -';

const keys: readonly Refusal[] = [
  ["a key without namespace", value(apiKeys(), "k7Gq2vXp"), FORM, CORRECT],
  ["a namespace of two words", value(apiKeys(), "k7Gq2vXp:two words"), FORM, CORRECT],
  ["a key given twice", value(apiKeys(), "a:x,a:y"), "VALUE repeats the key of entry 1 in entry 2", CORRECT],
  [
    "three keys in a namespace",
    value(apiKeys(), "a:x,b:x,c:x"),
    "VALUE has 3 keys in the namespace of entry 3; at most two are allowed, the old and the new one",
    CORRECT,
  ],
  ["API keys in quotes", value(apiKeys(), '"a:x"'), "VALUE has quotes around it", QUOTES],
  ["an example of a key in production", value(apiKeys(), "changeme:web", "production"), `VALUE has a key in entry 1 that ${WEAK}`, REAL],
  [
    "a short key in production",
    value(apiKeys(), "k7Gq2vXp:web", "production"),
    "VALUE has a key of fewer than 16 characters in entry 1, which production refuses",
    REAL,
  ],
];

const missing: readonly Refusal[] = [
  ["no value in development", value(z.string(), ""), "VALUE must be configured", `${SET}, for example in .env`],
  ["no value elsewhere", value(secret(), "", "staging"), "VALUE must be configured", SET],
  [
    "no value where one is required",
    value(setting(z.string(), { requiredIn: ["production"] }), "", "production"),
    "VALUE must be configured in production",
    SET,
  ],
  [
    "no value when one is required",
    () =>
      load(settings("app", { mode: z.enum(["a", "b"]), value: secret({ alias: "OLD" }) }, { requiredWhen: { value: { mode: "a" } } }), {
        MODE: "a",
      }),
    'VALUE is required when MODE is "a"',
    "set VALUE in the environment (or VALUE_FILE or OLD), for example in .env",
  ],
  [
    "no database in development",
    () => load(settings("app", { value: postgresUrl() }), {}),
    "VALUE must be configured",
    `start the app with \`endow dev -- <command>\`, which provides it, or ${SET}`,
  ],
  [
    "half of a bucket",
    () => load(settings("app", { value: bucket() }), { VALUE_BUCKET: "shop-uploads" }),
    "VALUE_REGION must be set too, because VALUE_BUCKET is",
    "set all of them in one place, or none",
  ],
  [
    "a value and a file",
    () => load(settings("app", { value: secret() }), { VALUE: "a", VALUE_FILE: "b" }),
    "VALUE and VALUE_FILE are both set",
    "unset one of them",
  ],
];

const environments: readonly Refusal[] = [
  [
    "an unknown ENDOW_ENVIRONMENT",
    () => loadSync(settings("app", { value: z.string() }), { env: { ENDOW_ENVIRONMENT: "live" } }),
    '"live" is not a valid environment: allowed are production (prod), test (staging, ci), development (dev), preview-<name> and pr-<number>',
    "set ENDOW_ENVIRONMENT to one of these names, or unset it",
  ],
  [
    "an unknown environment of load()",
    value(z.string(), "x", "local"),
    '"local" is not a valid environment: allowed are production (prod), test (staging, ci), development (dev), preview-<name> and pr-<number>',
    'rename it, or state its type: { name: "local", type: "test" }',
  ],
];

const checked = (check: () => true | string) => () => load(settings("app", { a: z.string() }, { check }), { A: "x" });

const checks: readonly Refusal[] = [
  [
    "values that a check refuses",
    checked(() => "A must differ from B"),
    "A must differ from B",
    "correct the values it checks, or the check itself",
  ],
  [
    "a check that throws",
    checked(() => {
      throw new TypeError("x");
    }),
    "a check of the group threw a TypeError",
    "correct the values it checks, or the check itself",
  ],
];

const all = { plain, lists, secrets, keys, missing, environments, checks };

describe("a rejected value", () => {
  for (const [part, refusals] of Object.entries(all))
    describe(part, () => {
      for (const [what, work, message, fix] of refusals)
        it(`has a sentence and a fix: ${what}`, () =>
          assert.deepEqual(
            errorOf(work).problems.map((problem) => [problem.message, problem.fix]),
            [[message, fix]],
          ));
    });

  describe("in a file", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "endow-refusals-"));
    after(() => rmSync(folder, { recursive: true }));
    const inFile = (schema: z.ZodType, text: string) => {
      const VALUE_FILE = path.join(folder, "value");
      writeFileSync(VALUE_FILE, text);
      return errorOf(() => load(settings("app", { value: schema }), { VALUE_FILE })).problems.map(({ message, fix }) => [message, fix]);
    };

    it("has the same sentence and fix", () => {
      assert.deepEqual(inFile(secret(), '"k7Gq2vXp"\n'), [["VALUE has quotes around it", QUOTES]]);
      assert.deepEqual(inFile(secret(), "k7Gq2vXp\n\n"), [["VALUE ends with a line break", LINE_BREAK]]);
      assert.deepEqual(inFile(z.number(), "x\n"), [["VALUE must be a number", DIGITS]]);
    });

    it("has its own sentence if the file cannot be read", () =>
      assert.deepEqual(
        errorOf(() => load(settings("app", { value: secret() }), { VALUE_FILE: path.join(folder, "none") })).problems.map((one) => [
          one.message,
          one.fix,
        ]),
        [["VALUE_FILE names a file that cannot be read (ENOENT)", "correct the path, or grant this process read access"]],
      ));
  });

  it("has at least 60 cases here, and no fix recommends production", () => {
    const refusals = Object.values(all).flat();
    assert.ok(refusals.length >= 60, `${refusals.length}`);
    for (const [what, , , fix] of refusals) assert.doesNotMatch(fix, /production/, what);
  });

  it("is not quoted in the error", () => {
    const error = errorOf(value(secret(), '"k7Gq2vXp"'));
    assert.ok(error instanceof SettingsError && !error.message.includes("k7Gq2vXp"));
  });
});
