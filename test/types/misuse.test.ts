import assert from "node:assert/strict";
import { compile, hovers } from "../support/typescript";

const PRELUDE = `
import { z } from "zod";
import { apiKeys, bucket, load, postgresUrl, redisUrl, secret, setting, settings } from "../../lib/index";
import { plan } from "../../lib/plan";
`;

describe("misuse is a readable type error", () => {
  const cases: Readonly<Record<string, readonly [code: string, sentence: string | RegExp]>> = {
    "an unknown fallback": [
      `settings("a", { one: secret({ fallback: "two" }) });`,
      "'one' falls back to 'two', which is not a setting of this group",
    ],
    "a fallback of another kind": [
      `settings("a", { one: secret({ fallback: "two" }), two: redisUrl() });`,
      "'one' is a secret and cannot fall back to 'two', a redis",
    ],
    "a plain fallback for a kind": [
      `settings("a", { one: secret({ fallback: "two" }), two: z.string() });`,
      "'one' is a secret and cannot fall back to 'two', a plain",
    ],
    "a wrong fallback behind .optional() and the like": [
      `settings("a", { one: secret({ fallback: "two" }).nullable().optional().readonly() });`,
      "'one' falls back to 'two', which is not a setting of this group",
    ],
    "a condition on an unknown setting": [
      `settings("a", { mode: z.string() }, { requiredWhen: { tokn: { mode: "x" } } });`,
      "'tokn' is not a setting of this group",
    ],
    "a condition that names an unknown setting": [
      `settings("a", { mode: z.string(), token: secret() }, { requiredWhen: { token: { mood: "x" } } });`,
      "'mood' is not a setting of this group",
    ],
    "a condition that names a secret": [
      `settings("a", { other: secret(), token: secret() }, { requiredWhen: { token: { other: "x" } } });`,
      "'other' is a secret: a condition must name a plain setting",
    ],
    "a condition with an impossible value": [
      `settings("a", { mode: z.enum(["x", "y"]), token: secret() }, { requiredWhen: { token: { mode: "z" } } });`,
      /'"z"' is not assignable to type '"x" \| "y"/,
    ],
    "a redeclared setting of the base": [
      `settings.extend(settings("a", { mode: z.string() }), "b", { mode: z.string() });`,
      "'mode' is already a setting of the extended group",
    ],
    "a condition on a setting of the base": [
      `settings.extend(settings("a", { mode: z.string() }), "b", { own: z.string() }, { requiredWhen: { mode: { own: "x" } } });`,
      "'mode' is not a setting of this group",
    ],
    "an unknown option": [`postgresUrl({ vresion: "17" });`, "'vresion' does not exist"],
    "an unknown version": [`postgresUrl({ version: "9" });`, /'"9"' is not assignable to type '.*"14" \| "15"/],
    "an unknown environment type": [`secret({ requiredIn: ["live"] });`, /'"live"' is not assignable/],
    "an option of another kind": [`redisUrl({ extensions: [] });`, "'extensions' does not exist"],
    "a secret used as a string": [
      `const text: string = (await load(settings("a", { token: secret() }))).token;`,
      "Type 'Secret<string>' is not assignable to type 'string'",
    ],
    "an optional value used as a required one": [
      `(await load(settings("a", { token: secret({ requiredIn: ["production"] }) }))).token.reveal();`,
      "is possibly 'undefined'",
    ],
    "an assignment to a value": [
      `const config = await load(settings("a", { port: z.number() })); config.port = 1;`,
      "Cannot assign to 'port' because it is a read-only property",
    ],
    "an unknown setting": [`(await load(settings("a", { port: z.number() }))).prot;`, "Property 'prot' does not exist"],
    "a check without a result": [
      `settings("a", { port: z.number() }, { check: ({ port }) => port > 1 });`,
      "Type 'boolean' is not assignable to type 'CheckResult | Promise<CheckResult>'",
    ],
    "a plan without a project": [`plan({ groups: [], environment: "dev" });`, "Property 'project' is missing"],
  };
  let diagnostics: ReadonlyMap<string, readonly string[]> = new Map();
  before(() => {
    const sources = Object.entries(cases).map(([name, [code]]) => [name, `${PRELUDE}${code}`] as const);
    diagnostics = compile(
      new Map([...sources, ["nothing", `${PRELUDE}settings("a", { one: secret({ fallback: "two" }), two: secret() });`]]),
    );
  });

  for (const [what, [, sentence]] of Object.entries(cases)) {
    it(`for ${what}`, () => {
      const said = diagnostics.get(what) ?? [];
      assert.equal(said.length, 1, said.join("\n"));
      assert.match(said[0] ?? "", typeof sentence === "string" ? new RegExp(sentence.replaceAll(/[.()|<>]/g, String.raw`\$&`)) : sentence);
    });
  }

  it("does not occur in correct code", () => assert.deepEqual(diagnostics.get("nothing"), []));
});

describe("an editor's hover text", () => {
  const source = `${PRELUDE}
const shared = settings("shared", {
  databaseUrl: postgresUrl({ version: "17" }),
  redisUrl: redisUrl(),
  uploads: bucket(),
  llmProvider: z.enum(["openai", "local"]).default("local"),
  llmApiKey: secret({ alias: "OPENAI_API_KEY" }).optional(),
  embeddingApiKey: secret({ fallback: "llmApiKey" }),
  account: secret(z.object({ id: z.string() })),
  apiKeys: apiKeys({ requiredIn: ["production"] }),
  port: z.number(),
}, { requiredWhen: { llmApiKey: { llmProvider: "openai" } } });
const config = await load(shared);
const web = settings.extend(shared, "web", { own: z.string() });
const extended = await load(web);
export const database = config.databaseUrl;
`;
  const members = `
    readonly databaseUrl: PostgresConnection;
    readonly redisUrl: RedisConnection;
    readonly uploads: Bucket;
    readonly llmProvider: "openai" | "local";
    readonly llmApiKey: Secret<string> | undefined;
    readonly embeddingApiKey: Secret<string> | undefined;
    readonly account: Secret<{
        id: string;
    }>;
    readonly apiKeys: ApiKeys | undefined;
    readonly port: number;`;

  let shown: ReadonlyMap<string, string> = new Map();
  before(() => {
    shown = hovers(source, ["config", "extended", "database"]);
  });

  it("of a configuration is a plain object", () => assert.equal(shown.get("config"), `const config: {${members}\n}`));

  it("of an extended configuration is also one plain object", () =>
    assert.equal(shown.get("extended"), `const extended: {${members}\n    readonly own: string;\n}`));

  it("of one value is its type's name", () => assert.equal(shown.get("database"), "const database: PostgresConnection"));
});
