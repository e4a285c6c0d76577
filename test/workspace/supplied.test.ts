import assert from "node:assert/strict";
import { z } from "zod";
import { readSupplied, type SuppliedRequest } from "../../lib/workspace/supplied";
import { bucket, plan, postgresUrl, secret, settings } from "../../lib";

const shared = settings("shared", {
  databaseUrl: postgresUrl(),
  uploads: bucket(),
  llmApiKey: secret({ alias: "OPENAI_API_KEY" }).optional(),
  port: z.number().default(3000),
});

const read = (request: Partial<SuppliedRequest>) =>
  readSupplied({ groups: [shared], env: {}, files: [], recognize: () => undefined, ...request });
const file = (name: string, values: Record<string, string>) => ({ name, values });

describe("values that the user supplies", () => {
  it("come from the environment, .env.local and .env, in that order, and only for settings", () => {
    const supplied = read({
      env: { PORT: "1", PATH: "/bin", UNRELATED: "x" },
      files: [
        file(".env.local", { PORT: "2", DATABASE_URL: "postgresql://l" }),
        file(".env", { DATABASE_URL: "postgresql://e", LLM_API_KEY: "k" }),
      ],
    });
    assert.deepEqual(supplied.values, { DATABASE_URL: "postgresql://l", LLM_API_KEY: "k", PORT: "1" });
    assert.deepEqual(supplied.origins, { DATABASE_URL: ".env.local", LLM_API_KEY: ".env", PORT: "environment" });
  });

  it("are known to a plan, without the secrets", () => {
    const supplied = read({ env: { PORT: "1", OPENAI_API_KEY: "sk-1", DATABASE_URL_FILE: "/run/db" } });
    assert.deepEqual(supplied.planned, { DATABASE_URL: true, OPENAI_API_KEY: true, PORT: "1" });
    const { problems, variables } = plan({ project: "p", groups: [shared], environment: "development", supplied: supplied.planned });
    assert.deepEqual(problems, []);
    assert.equal(variables.find(({ name }) => name === "LLM_API_KEY")?.from, "OPENAI_API_KEY");
  });

  it("that are empty count as unset", () => {
    assert.deepEqual(read({ env: { PORT: "" }, files: [file(".env", { PORT: "2" })] }).values, { PORT: "2" });
  });

  it("may be in a file, which the app reads", () => {
    const supplied = read({ files: [file(".env", { LLM_API_KEY_FILE: "/run/key" })] });
    assert.deepEqual(supplied.values, { LLM_API_KEY_FILE: "/run/key" });
    assert.deepEqual(supplied.planned, { LLM_API_KEY: true });
  });

  it("cannot be set both directly and in a file", () => {
    const env = { LLM_API_KEY: "hunter2hunter2" };
    assert.throws(
      () => read({ env, files: [file(".env", { LLM_API_KEY_FILE: "/run/key" })] }),
      (error: Error & { code: string }) =>
        error.code === "SUPPLIED_TWICE" && /LLM_API_KEY_FILE \(\.env\)/.test(error.message) && !error.message.includes("hunter2"),
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
      for (const [url] of made) assert.deepEqual(find({ files: [file(".env", { DATABASE_URL: url })] }), {});
    });

    it("in the process's environment, as long as they are the latest", () => {
      assert.deepEqual(find({ env: { DATABASE_URL: "postgresql://new" } }), {});
      assert.deepEqual(find({ env: { DATABASE_URL: "postgresql://old" } }), { DATABASE_URL: "postgresql://old" });
    });

    it("but include all values of a setting if one of them is another", () => {
      const parts = settings("shared", { databaseUrl: postgresUrl({ variables: { host: "DB_HOST" } }) });
      const values = { DATABASE_URL: "postgresql://new", DB_HOST: "db.example" };
      assert.deepEqual(find({ groups: [parts], files: [file(".env", values)] }), values);
    });
  });
});
