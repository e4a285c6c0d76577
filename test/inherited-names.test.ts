import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { bun } from "../lib/workspace/dotenv/bun";
import { compose } from "../lib/workspace/dotenv/compose";
import { noDotenv } from "../lib/workspace/dotenv/dotenv";
import * as nodeDialects from "../lib/workspace/dotenv/node";
import * as pythonDialects from "../lib/workspace/dotenv/python";
import { readSupplied } from "../lib/workspace/supplied";
import { apiKeys, bucket, fake, load, postgresUrl, redisUrl, secret, setting, settings } from "../lib/index";
import { plan } from "../lib/plan";
import { credentialsIn } from "../lib/local/credentials";
import { localNameOf } from "../lib/local/assign";
import { type EnvironmentState, FORMAT } from "../lib/local/state";
import { screamingSnake, settingName } from "../lib/names";
import { errorOf } from "./support/errors";

/** Property names that every object inherits and that are valid setting names. */
const NAMES = Object.getOwnPropertyNames(Object.prototype).filter((name) => settingName.test(name));

const declare = settings as unknown as (name: string, shape: object, options?: object) => ReturnType<typeof settings>;
const shapeOf = (make: () => z.ZodType) => Object.fromEntries(NAMES.map((name) => [name, make()]));
const variables = Object.fromEntries(NAMES.map((name) => [screamingSnake(name), `value of ${name}`]));
const values = Object.fromEntries(NAMES.map((name) => [name, `value of ${name}`]));

const noRecord: EnvironmentState = {
  version: FORMAT,
  revision: 0,
  project: "shop",
  root: "/app",
  environment: "development",
  servers: {},
  remote: {},
};

describe("a property name that every object inherits", () => {
  it("is a valid setting name in several cases", () =>
    assert.ok(["constructor", "toString", "valueOf", "hasOwnProperty"].every((name) => NAMES.includes(name))));

  it("is a required setting like any other", async () => {
    const group = declare(
      "shared",
      shapeOf(() => z.string()),
    );
    assert.deepEqual(
      group.definitions.filter(({ requiredWhen }) => requiredWhen),
      [],
    );
    await assert.rejects(load(group, { env: {} }), ({ problems }: ReturnType<typeof errorOf>) => problems.length === NAMES.length);
    assert.deepEqual({ ...(await load(group, { env: variables })) }, values);
    assert.deepEqual({ ...fake(group, values) }, values);
    const { missing, problems } = plan({ project: "shop", groups: [group], environment: "production", supplied: variables });
    assert.deepEqual([missing, problems], [[], []]);
    assert.equal(plan({ project: "shop", groups: [group], environment: "production" }).missing.length, NAMES.length);
  });

  it("can be a condition and a conditional setting", async () => {
    const when = Object.fromEntries(NAMES.map((name) => [`${name}_mode`, { [name]: "on" }]));
    const shape = { ...shapeOf(() => z.enum(["on", "off"])), ...Object.fromEntries(NAMES.map((name) => [`${name}_mode`, z.string()])) };
    const group = declare("shared", shape, { requiredWhen: when });
    const env = (text: string) => Object.fromEntries(NAMES.map((name) => [screamingSnake(name), text]));
    await load(group, { env: env("off") });
    await assert.rejects(load(group, { env: env("on") }), ({ problems }: ReturnType<typeof errorOf>) => problems.length === NAMES.length);
  });

  it("can be a fallback, and is reported where no such setting exists", async () => {
    const group = declare("shared", { toString: secret(), valueOf: secret({ fallback: "toString" }) });
    const config: Record<string, unknown> = { ...(await load(group, { env: { TO_STRING: "value of toString" } })) };
    assert.deepEqual(Object.keys(config), ["toString", "valueOf"]);
    assert.match(errorOf(() => declare("shared", { a: secret({ fallback: "toString" as never }) })).message, /not a setting of this group/);
    assert.match(errorOf(() => declare("shared", { a: z.string() }, { requiredWhen: { a: { toString: 1 } } })).message, /"toString"/);
    assert.match(errorOf(() => declare("shared", { a: z.string() }, { requiredWhen: { toString: { a: 1 } } })).message, /"toString"/);
  });

  for (const [kind, make] of Object.entries({
    apiKeys,
    bucket,
    postgresUrl,
    redisUrl,
    secret,
    setting: (options: object) => setting(z.string(), options),
  }))
    it(`is rejected as an option of ${kind}()`, () => {
      for (const name of Object.getOwnPropertyNames(Object.prototype)) {
        const options: object = Object.defineProperty({}, name, { value: 1, enumerable: true });
        const { message } = errorOf(() => declare("shared", { a: (make as (given: object) => z.ZodType)(options) }));
        assert.ok(message.includes(`has an invalid option: Unrecognized key: "${name}"`), message);
      }
    });

  it("can be the id of a setting, which has nothing supplied by default", () => {
    for (const id of NAMES) {
      const group = declare("shared", { databaseUrl: postgresUrl(), other: secret({ id }) });
      const env = { OTHER: "http://127.0.0.1/" };
      assert.deepEqual(readSupplied({ groups: [group], env, dotenv: noDotenv, recognize: () => undefined }).values, env);
    }
  });

  it("is read from an .env file, also in references, like any other", () => {
    const dialects = [...Object.values(nodeDialects), ...Object.values(pythonDialects), bun, compose].filter((one) => "read" in one);
    const names = Object.getOwnPropertyNames(Object.prototype);
    for (const name of names)
      for (const { name: dialect, read } of dialects) {
        const text = `A=\${${name}}\nB=$${name}\nC=c\n${name}=x\n`;
        for (const { value } of read([{ name: ".env", text }], {}).values())
          assert.ok(typeof value === "string" && !value.includes("native code"), `${dialect}: ${name}`);
        assert.equal(read([{ name: ".env", text }], {}).get("C")?.value, "c", `${dialect}: ${name}`);
      }
  });

  it("is refused as the name of a variable", () => {
    for (const name of Object.getOwnPropertyNames(Object.prototype))
      for (const make of [{ env: name }, { alias: name }, { variables: { value: name } }])
        assert.match(
          errorOf(() => declare("shared", { a: setting(z.string(), make) })).message,
          new RegExp(`variable ${name}, which is res`),
        );
  });

  it("can be a server's former name, which has no port until it is assigned one", () => {
    const asked = { name: "postgres", kind: "postgres" };
    for (const name of NAMES) assert.equal(localNameOf({ ...asked, formerly: [name] }, noRecord), "postgres");
    const there = { kind: "postgres", name: "constructor", port: 1, leases: [] };
    assert.equal(localNameOf({ ...asked, formerly: ["constructor"] }, { ...noRecord, servers: { constructor: there } }), "constructor");
  });

  it("can be a login, which gets its own password", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "endow-credentials-"));
    try {
      const credentials = credentialsIn(folder);
      assert.equal(await credentials.find("constructor"), undefined);
      const made = await credentials.get("constructor");
      assert.match(made, /^[A-Za-z0-9]{40}$/);
      assert.equal(await credentials.find("constructor"), made);
      await credentials.remove("constructor");
      assert.equal(await credentials.find("constructor"), undefined);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("`__proto__` as a key of an object literal, which JavaScript turns into the object's prototype", () => {
  it("is reported where it was meant as a setting", () => {
    const { problems } = errorOf(() => declare("shared", { a: z.string(), __proto__: z.string() }));
    assert.deepEqual(
      problems.map(({ message }) => message),
      ["shared.__proto__ must have a name in camelCase or snake_case"],
    );
  });

  it("is reported where it was meant in requiredWhen", () => {
    const shape = { a: z.string(), b: z.string() };
    assert.match(
      errorOf(() => declare("shared", shape, { requiredWhen: { __proto__: { a: 1 } } })).message,
      /requiredWhen names "__proto__"/,
    );
    assert.match(errorOf(() => declare("shared", shape, { requiredWhen: { b: { __proto__: { a: 1 } } } })).message, /"__proto__"/);
  });
});
