import assert from "node:assert/strict";
import { z } from "zod";
import { readSupplied, type SuppliedRequest } from "../../lib/workspace/supplied";
import { bucket, keyPair, plan, postgresUrl, secret, settings } from "../../lib";

const shared = settings("shared", {
  databaseUrl: postgresUrl(),
  uploads: bucket(),
  llmApiKey: secret({ alias: "OPENAI_API_KEY" }).optional(),
  port: z.number().default(3000),
});

const read = (request: Partial<SuppliedRequest>) => readSupplied({ groups: [shared], env: {}, files: [], own: {}, ...request });
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

  describe("exclude those generated for this environment", () => {
    const pem = "-----BEGIN X-----\nabc\n-----END X-----\n";
    const group = settings("own", { token: secret({ generate: true, alias: "OLD_TOKEN" }), jwt: keyPair() });
    const generated = { "own.token": { TOKEN: "generated-1" }, "own.jwt": { JWT_PRIVATE_KEY: pem, JWT_PUBLIC_KEY: "public" } };
    const suppliedBy = (values: Record<string, string>) => [
      Object.keys(read({ groups: [group], generated, env: values }).values),
      Object.keys(read({ groups: [group], generated, files: [file(".env", values)] }).values),
    ];

    it("wherever `endow env` wrote them", () => {
      const written = { TOKEN: "generated-1", JWT_PRIVATE_KEY: pem, JWT_PUBLIC_KEY: "public" };
      assert.deepEqual(suppliedBy(written), [[], []]);
    });

    it("but include other values, one half of a pair that differs, aliases, and files", () => {
      const others: readonly Record<string, string>[] = [
        { TOKEN: "generated-2" },
        { JWT_PRIVATE_KEY: pem, JWT_PUBLIC_KEY: "another" },
        { OLD_TOKEN: "generated-1" },
        { TOKEN_FILE: "generated-1" },
      ];
      for (const values of others) assert.deepEqual(suppliedBy(values), [Object.keys(values), Object.keys(values)]);
    });
  });

  describe("exclude those provisioned by the environment's own servers", () => {
    const url = "postgresql://shared_database_url:pw@127.0.0.1:5432/shared_database_url";
    const own = {
      "shared.databaseUrl": { logins: ["shared_database_url"], values: { DATABASE_URL: url } },
      "shared.uploads": { logins: ["shared_uploads"], values: {} },
    };
    const fromFile = (values: Record<string, string>) => read({ own, files: [file(".env", values)] }).values;

    it("in a file, even if port and password have changed since", () => {
      assert.deepEqual(fromFile({ DATABASE_URL: url }), {});
      assert.deepEqual(fromFile({ DATABASE_URL: url.replace("5432", "5433").replace("pw", "other") }), {});
      const uploads = {
        UPLOADS_BUCKET: "shared-uploads",
        UPLOADS_REGION: "us-east-1",
        UPLOADS_ENDPOINT: "http://127.0.0.1:9000",
        UPLOADS_ACCESS_KEY_ID: "shared_uploads",
        UPLOADS_SECRET_ACCESS_KEY: "pw",
      };
      assert.deepEqual(fromFile(uploads), {});
    });

    it("in the process's environment, as long as they are unchanged", () => {
      assert.deepEqual(read({ own, env: { DATABASE_URL: url } }).values, {});
      const changed = url.replace("5432", "5433");
      assert.deepEqual(read({ own, env: { DATABASE_URL: changed } }).values, { DATABASE_URL: changed });
    });

    it("but include one with another host, user or database", () => {
      const others = [
        url.replace("127.0.0.1", "db.example.com"),
        url.replace("//shared_database_url", "//me"),
        url.replace(/shared_database_url$/, "mine"),
      ];
      for (const other of others) assert.deepEqual(fromFile({ DATABASE_URL: other }), { DATABASE_URL: other });
      const uploads = { UPLOADS_BUCKET: "b", UPLOADS_REGION: "r" };
      assert.deepEqual(fromFile(uploads), uploads);
    });
  });
});
