import assert from "node:assert/strict";
import { z } from "zod";
import { type Dotenv, noDotenv } from "../../lib/workspace/dotenv/dotenv";
import { readSupplied, type SuppliedRequest } from "../../lib/workspace/supplied";
import { bucket, postgresUrl, secret, settings } from "../../lib";
import { plan } from "../../lib/plan";

const shared = settings("shared", {
  databaseUrl: postgresUrl(),
  uploads: bucket(),
  llmApiKey: secret({ alias: "OPENAI_API_KEY" }).optional(),
  port: z.number().default(3000),
});

const read = (request: Partial<SuppliedRequest>) =>
  readSupplied({ groups: [shared], env: {}, dotenv: noDotenv, recognize: () => undefined, ...request });

/** A dotenv file with a variable on each line. */
const file = (name: string, values: Record<string, string>, readByApp: readonly string[] = []): Pick<Dotenv, "find"> => ({
  find: (variable) => {
    const line = Object.keys(values).indexOf(variable) + 1;
    return line === 0
      ? undefined
      : { text: values[variable] ?? "", file: name, line, readByApp: readByApp.includes(variable), refersTo: [] };
  },
});

describe("values that the user supplies", () => {
  it("come from the environment, else from a dotenv file, and only for settings", () => {
    const supplied = read({
      env: { PORT: "1", PATH: "/bin", UNRELATED: "x" },
      dotenv: file(".env", { PORT: "2", DATABASE_URL: "postgresql://e", LLM_API_KEY: "k", OTHER: "x" }, ["PORT", "LLM_API_KEY", "OTHER"]),
    });
    assert.deepEqual(supplied.values, { DATABASE_URL: "postgresql://e", LLM_API_KEY: "k", PORT: "1" });
    assert.deepEqual(supplied.origins, { DATABASE_URL: ".env line 2", LLM_API_KEY: ".env line 3", PORT: "environment" });
    assert.deepEqual([...supplied.inFiles], ["DATABASE_URL", "LLM_API_KEY"]);
    assert.deepEqual([...supplied.readByApp], ["LLM_API_KEY"]);
  });

  it("are rejected if their line is ambiguous, all in one error; other variables' lines are ignored", () => {
    const problem = (path: string) => ({ code: "DOTENV_AMBIGUOUS", path, message: `${path} is read differently`, fix: "quote it" });
    const dotenv = { find: (variable: string) => (variable === "PORT" || variable === "LLM_API_KEY" ? problem(variable) : undefined) };
    assert.throws(
      () => read({ dotenv }),
      (error: Error & { code: string; problems: { path: string }[] }) => {
        assert.equal(error.code, "DOTENV_AMBIGUOUS");
        assert.deepEqual(
          error.problems.map(({ path }) => path),
          ["LLM_API_KEY", "PORT"],
        );
        return true;
      },
    );
    assert.deepEqual(read({ dotenv, env: { PORT: "1", LLM_API_KEY: "k" } }).values, { LLM_API_KEY: "k", PORT: "1" });
  });

  it("are rejected if they refer to a variable that a server will provide", () => {
    const line = (refersTo: readonly string[]) => ({
      find: (variable: string) =>
        variable === "LLM_API_KEY" ? { text: "/1", file: ".env", line: 4, readByApp: true, refersTo } : undefined,
    });
    assert.throws(
      () => read({ dotenv: line(["DATABASE_URL"]) }),
      (error: Error & { code: string }) =>
        error.code === "DOTENV_REFERENCE" &&
        error.message.includes("LLM_API_KEY (.env:4) refers to DATABASE_URL, which has no value until the app runs"),
    );
    assert.deepEqual(read({ dotenv: line(["OTHER"]) }).values, { LLM_API_KEY: "/1" });
    assert.deepEqual(read({ dotenv: line(["DATABASE_URL"]), env: { DATABASE_URL: "x" } }).values, { DATABASE_URL: "x", LLM_API_KEY: "/1" });
  });

  it("are known to a plan, without the secrets", () => {
    const supplied = read({ env: { PORT: "1", OPENAI_API_KEY: "sk-1", DATABASE_URL_FILE: "/run/db" } });
    assert.deepEqual(supplied.planned, { DATABASE_URL: true, OPENAI_API_KEY: true, PORT: "1" });
    const { problems, variables } = plan({ project: "p", groups: [shared], environment: "development", supplied: supplied.planned });
    assert.deepEqual(problems, []);
    assert.equal(variables.find(({ name }) => name === "LLM_API_KEY")?.from, "OPENAI_API_KEY");
  });

  it("that are empty count as unset", () => {
    assert.deepEqual(read({ env: { PORT: "" }, dotenv: file(".env", { PORT: "2" }) }).values, { PORT: "2" });
  });

  it("exclude the variables of AWS's SDKs, which are often set for other purposes, unless the setting has another value as well", () => {
    const variables = {
      bucket: "S3_BUCKET",
      region: ["AWS_REGION", "S3_REGION"],
      accessKeyId: "AWS_ACCESS_KEY_ID",
      secretAccessKey: "AWS_SECRET_ACCESS_KEY",
    };
    const groups = [settings("shared", { files: bucket({ variables }) })];
    const aws = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "hunter2hunter2" };
    assert.deepEqual(read({ groups, env: aws }).values, {});
    assert.deepEqual(read({ groups, dotenv: file(".env", aws) }).planned, {});
    for (const more of [{ S3_BUCKET: "shop-files" }, { S3_REGION: "eu-west-1" }])
      assert.deepEqual(read({ groups, env: { ...aws, ...more } }).values, { ...aws, ...more });
  });

  it("may be in a file, which the app reads", () => {
    const supplied = read({ dotenv: file(".env", { LLM_API_KEY_FILE: "/run/key" }) });
    assert.deepEqual(supplied.values, { LLM_API_KEY_FILE: "/run/key" });
    assert.deepEqual(supplied.planned, { LLM_API_KEY: true });
  });

  it("cannot be set both directly and in a file", () => {
    const env = { LLM_API_KEY: "hunter2hunter2" };
    assert.throws(
      () => read({ env, dotenv: file(".env", { LLM_API_KEY_FILE: "/run/key" }) }),
      (error: Error & { code: string }) =>
        error.code === "SUPPLIED_TWICE" && /LLM_API_KEY_FILE \(\.env line 1\)/.test(error.message) && !error.message.includes("hunter2"),
    );
  });

  describe("exclude those that the environment made itself", () => {
    const made = new Map([
      ["postgresql://old", "earlier"],
      ["postgresql://new", "latest"],
    ] as const);
    const recognize: SuppliedRequest["recognize"] = (ids, variable, text) =>
      ids[0] === "shared.databaseUrl" && variable === "DATABASE_URL" ? made.get(text as "postgresql://old") : undefined;
    const find = (request: Partial<SuppliedRequest>) => read({ recognize, ...request }).values;

    it("in a file, even if they have changed since", () => {
      for (const [url] of made) assert.deepEqual(find({ dotenv: file(".env", { DATABASE_URL: url }) }), {});
    });

    it("in the process's environment, as long as they are the latest", () => {
      assert.deepEqual(find({ env: { DATABASE_URL: "postgresql://new" } }), {});
      assert.deepEqual(find({ env: { DATABASE_URL: "postgresql://old" } }), { DATABASE_URL: "postgresql://old" });
    });

    it("but include all values of a setting if one differs", () => {
      const parts = settings("shared", { databaseUrl: postgresUrl({ variables: { host: "DB_HOST" } }) });
      const values = { DATABASE_URL: "postgresql://new", DB_HOST: "db.example" };
      assert.deepEqual(find({ groups: [parts], dotenv: file(".env", values) }), values);
    });
  });
});
