import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { bun } from "../lib/workspace/dotenv/bun";
import { noDotenv, readDotenv } from "../lib/workspace/dotenv/dotenv";
import { dotenv, dotenvExpand, next, oldDotenv, oldDotenvExpand, vite } from "../lib/workspace/dotenv/node";
import { decouple, djangoEnviron, pythonDotenv } from "../lib/workspace/dotenv/python";
import { loadFailure } from "../lib/workspace/load-failure";
import { redactor } from "../lib/workspace/redact";
import { projectName } from "../lib/workspace/root";
import { readSupplied } from "../lib/workspace/supplied";
import { unusableValues } from "../lib/workspace/unusable";
import { dotenvText } from "../lib/cli/dotenv";
import { table } from "../lib/cli/table";
import { formatUrl } from "../lib/connection/format";
import {
  apiKeys,
  bucket,
  fake,
  loadSync,
  mongodbUrl,
  mysqlUrl,
  natsUrl,
  postgresUrl,
  redisNodes,
  redisUrl,
  secret,
  settings,
  smtp,
  type Group,
} from "../lib/index";
import { plan } from "../lib/plan";
import type { Shape } from "../lib/config";
import { errorOf } from "./support/errors";

/**
 * So long that quadratic work exceeds the test's timeout by far, while linear work is instant: nothing here measures time.
 */
const LENGTH = 500_000;
const COUNT = 100_000;

const times = (text: string, length = LENGTH): string => text.repeat(length / text.length);
const digits = times("1");

const DIALECTS = [dotenv, oldDotenv, dotenvExpand, oldDotenvExpand, next, vite, bun, pythonDotenv, decouple, djangoEnviron];

/** Texts that cause catastrophic backtracking in an ambiguous pattern. */
const HOSTILE = {
  "digits, then no digit": `${digits}x`,
  "digits and a point": `${digits}.${digits}.`,
  "an exponent": `1e${digits}e`,
  blanks: `${times(" ")}x`,
  colons: `postgresql://u:p@[${times(":")}]/d`,
  "at signs": `postgresql://${times("a@")}/d`,
  percents: `postgresql://u:${times("%25")}@h/d`,
  brackets: `redis://${times("[")}`,
  parameters: `postgresql://u:p@h/d?${times("a=1&")}`,
  hosts: `postgresql://u:p@${times("a.")}/d`,
  "a list of hosts": `postgresql://u:p@${times("a,")}b/d`,
  "a list of hosts in a query": `postgresql:///d?${times("host=a&")}host=b`,
  "a list of URLs": times("nats://a,"),
  "a list of users": times("a@,"),
  "a list of nodes": `${times("a:1;")}b`,
  "a list of databases": `mongodb://h/${times("a/")}`,
  "a scheme": times("a+"),
  "schemes with a driver": `mysql+${times("a_")}://h`,
  keywords: `${times("a")} = 1`,
  "a query with JSON": `mysql://h/d?ssl={"rejectUnauthorized"${times(" ")}`,
  "a masked password": `postgresql://u:${times("*")}x@h/d`,
  "signs and digits": times("!1"),
  "opened brackets": `<${times("[")}`,
  commas: times(","),
  "keys of one namespace": times("key:web,"),
  "JSON that is not closed": times("[1,"),
};

describe("a text of half a million characters", () => {
  const kinds = {
    number: () => z.number(),
    bigint: () => z.bigint(),
    boolean: () => z.boolean(),
    choice: () => z.enum(["a", "b"]),
    json: () => z.object({ a: z.string() }),
    secret: () => secret(),
    apiKeys: () => apiKeys(),
    postgresUrl: () => postgresUrl(),
    redisUrl: () => redisUrl(),
    bucket: () => bucket(),
    mysqlUrl: () => mysqlUrl(),
    mongodbUrl: () => mongodbUrl(),
    natsUrl: () => natsUrl(),
    redisNodes: () => redisNodes(),
    smtp: () => smtp({ variables: { url: "URL" } }),
  };
  for (const [kind, make] of Object.entries(kinds))
    it(`is read or rejected as a ${kind}, in production too`, () => {
      const group = settings("shared", { it: make() }) as Group;
      for (const text of Object.values(HOSTILE)) {
        const env = Object.fromEntries(group.definitions.flatMap(({ variables }) => variables.map(({ name }) => [name, text])));
        try {
          loadSync(group, { env, environment: "production" });
        } catch (error) {
          assert.equal((error as { code?: string }).code, "SETTINGS_INVALID");
        }
      }
    });

  it("is rejected as a host", () => {
    for (const host of [`${times(":")}x`, times("a."), times("-")]) {
      const parts = { scheme: "redis", host, port: 1, username: "u", password: "p" };
      assert.throws(() => formatUrl(parts), { code: "CONNECTION_FIELD_INVALID" });
    }
  });

  it("is turned into a project name, or rejected as one", () => {
    assert.equal(projectName("/app", `a${times("-")}b`, undefined).length, LENGTH + 2);
    assert.equal(projectName("/app", `a${times(".")}b${times(".-")}`, undefined).length, LENGTH + 2);
    assert.throws(() => projectName("/app", undefined, `${times("a")}/`), { code: "PROJECT_NAME" });
  });

  it("is written as dotenv text, or rejected", () => {
    for (const value of [times("${"), times("'"), times('"'), times(" "), times("a "), times("\\"), `${times("a")}#`])
      try {
        dotenvText({ A: value }, DIALECTS);
      } catch (error) {
        assert.equal((error as { code?: string }).code, "DOTENV_UNWRITABLE");
      }
  });

  it("is read from an .env file, or rejected", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "endow-long-"));
    try {
      for (const text of [
        `A="${digits}"`,
        `A="${digits}`,
        `A='${times('\\"')}`,
        `A=\`${times("'")}`,
        `A=${times(" ")}'`,
        `A=${times(" ")}x`,
        `A=x${times(" ")}x`,
        `A=${times(" ")}x\u2028y`,
        `A=${times("$")}`,
        times("export "),
        times("A=1\n"),
        times("A"),
        `${times(" ")}x`,
        times('A="\n'),
      ]) {
        writeFileSync(path.join(folder, ".env"), text);
        const { find, all } = readDotenv({ folder, root: folder, cwd: folder, env: {} });
        assert.ok(all().length <= 2);
        find("A");
        for (const { read } of DIALECTS) read([{ name: ".env", text }], {});
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is reported as the error that loading a settings file failed with", () => {
    const blanks = times("\t\n");
    for (const message of [`ParseError: ${blanks}${blanks}`, `ParseError: ${times(":1")}\n${times(":1:")}`, blanks]) {
      const stack = `Error: x\n    at ${times("(/")}:1x\n    at (/${times(":1")}x`;
      const failure = loadFailure("/app/settings.ts", Object.assign(new Error(message), { stack }), (text) => text);
      assert.match((failure as { code?: string }).code ?? "", /^DECLARATION_/);
    }
  });

  it("has its secrets masked", () => {
    const variables = Array.from({ length: 5_000 }, (_, index) => [`KEY_${index}`, `sk-${times("a", 90)}-${index}-`] as const);
    const text = variables.map(([, value]) => value).join(" ");
    assert.equal(redactor(variables)(text), variables.map(() => "***").join(" "));
  });
});

describe("a hundred thousand", () => {
  it("API keys are accepted, found, and rejected when one is given twice", () => {
    const shared = settings("shared", { apiKeys: apiKeys() });
    const entries = Array.from({ length: COUNT }, (_, index) => `k7Gq2vXp8sKqLmPz-${index}:client-${index}`);
    const load = (all: readonly string[]) => loadSync(shared, { env: { API_KEYS: all.join(",") }, environment: "production" }).apiKeys;
    const keys = load(entries);
    assert.equal(keys.length, COUNT);
    assert.equal(keys.match(`k7Gq2vXp8sKqLmPz-${COUNT - 1}`), `client-${COUNT - 1}`);
    assert.match(
      errorOf(() => load([...entries, entries[0] ?? ""])).message,
      new RegExp(`repeats the key of entry 1 in entry ${COUNT + 1}`),
    );
    const crowd = entries.map((_, index) => `k7Gq2vXp8sKqLmPz-${index}:all`);
    assert.match(errorOf(() => load(crowd)).message, new RegExp(`has ${COUNT} keys in the namespace of entry 3`));
  });

  it("lines of an .env file that each refer to the next one are read", () => {
    const text = Array.from({ length: COUNT / 50 }, (_, index) => `A${index}=$A${index + 1}\n`)
      .join("")
      .concat(`A${COUNT / 50}=x\n`);
    for (const { read } of DIALECTS) assert.match(read([{ name: ".env", text }], {}).get("A0")?.value ?? "", /^(?:x|\$A\d+)$/);
  });

  it("steps and more, without an end, are not made to resolve a reference", () => {
    for (const value of ["$&", "a$&b", "$`$&", "\\$&", "${$&}"])
      for (const { name, read } of DIALECTS) {
        const text = `A=\${B}\nB='${value}'\nC=c\n`;
        const found = read([{ name: ".env", text }], {});
        assert.equal(found.get("C")?.value, "c", `${name}: ${value}`);
        assert.ok((found.get("A")?.value ?? "").length < 20, `${name}: ${value}`);
      }
  });

  it("rows make a table", () => {
    const rows = Array.from({ length: COUNT }, (_, index) => [`row ${index}`, index]);
    assert.equal(table(["name", "number"], rows).split("\n").length, COUNT + 1);
  });
});

describe("ten thousand settings", () => {
  const count = 10_000;
  const flag = z.boolean().default(false);
  /** All with the same schema object, like a reused constant. */
  const shape: Shape = Object.fromEntries(Array.from({ length: count }, (_, index) => [`flag${index}`, flag]));

  it("that share one schema object are declared, extended, planned, faked and loaded", () => {
    const group = settings("shared", shape);
    const own: Shape = Object.fromEntries(Array.from({ length: count }, (_, index) => [`own${index}`, flag]));
    const web = settings.extend<object, {}, {}>(group, "web", own) as Group;
    const { variables, grants } = plan({ project: "shop", groups: [group, web], environment: "production" });
    assert.equal(variables.length, 2 * count);
    assert.deepEqual(
      grants[0]?.variables,
      variables.map(({ name }) => name),
    );
    assert.equal(Object.keys(fake(web)).length, 2 * count);
    assert.equal(Object.keys(loadSync(web, { env: {} })).length, 2 * count);
  });

  it("that are supplied in files are found and checked", () => {
    const groups = Array.from({ length: 100 }, (_, group) =>
      settings(
        `group${group}`,
        Object.fromEntries(Array.from({ length: count / 100 }, (__, index) => [`flag${group}x${index}`, z.boolean()])),
      ),
    );
    const names = groups.flatMap(({ definitions }) => definitions.flatMap(({ variables }) => variables.map(({ name }) => name)));
    const { values } = readSupplied({
      groups,
      env: Object.fromEntries(names.map((name) => [`${name}_FILE`, "/run/x"])),
      dotenv: noDotenv,
      recognize: () => undefined,
    });
    assert.equal(Object.keys(values).length, count);
    assert.deepEqual(unusableValues(groups, values), []);
  });
});
