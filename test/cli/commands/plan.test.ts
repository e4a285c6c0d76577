import assert from "node:assert/strict";
import { COUNTED, makeSandbox, type Sandbox } from "../harness";

const SETTINGS = `import { settings, postgresUrl, redisUrl, secret } from "endow";
export const shared = settings("shared", {
  databaseUrl: postgresUrl({ version: "17" }),
  redisUrl: redisUrl(),
  llmApiKey: secret({ alias: "OPENAI_API_KEY", requiredIn: ["production"] }),
});
`;

describe("endow plan", () => {
  let box: Sandbox;
  before(() => {
    box = makeSandbox("shop", COUNTED);
    box.write("package.json", '{ "name": "@acme/shop" }');
    box.write("settings.ts", SETTINGS);
    box.write(".env", "OPENAI_API_KEY=sk-not-to-be-shown\n");
  });
  after(() => box.clean());

  it("shows servers, resources and variables, and the sources of supplied values but not the values", async () => {
    const { stdout, code } = await box.run(["plan"]);
    assert.equal(code, 0);
    assert.match(stdout, /^shop, development \(development\), target: local\nsmall servers, no standby, no backups, not protected\n\n/);
    assert.match(stdout, /^postgres +postgres +17 +shared\.databaseUrl$/m);
    assert.match(stdout, /^shared\.redisUrl +redis-shared-redis-url +shared_redis_url +no$/m);
    assert.match(stdout, /^LLM_API_KEY +yes +no +supplied from OPENAI_API_KEY \(\.env line 1\) +deploy +ready$/m);
    assert.ok(!stdout.includes("sk-not"));
  });

  it("for production reads only the process's environment, and names missing values with their store entry", async () => {
    const { stdout, code } = await box.run(["plan", "--environment", "production"]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /LLM_API_KEY must be configured in production\n +fix: add LLM_API_KEY to the store entry shop\/production\/shared\/supplied/,
    );
    assert.match(stdout, /\nstandard servers, highly available, backups kept 14 days, protected from deletion\n/);
    const supplied = await box.run(["plan", "--environment", "live=production"], { env: { LLM_API_KEY: "sk-of-the-shell" } });
    assert.doesNotMatch(supplied.stdout, /Missing/);
    assert.match(supplied.stdout, /supplied \(environment\)/);
  });

  it("can be read by a program", async () => {
    const { stdout } = await box.run(["plan", "--json", "--environment", "pr-7"]);
    const plan = JSON.parse(stdout) as { project: string; environment: unknown; profile: unknown; servers: { name: string }[] };
    assert.equal(plan.project, "shop");
    assert.deepEqual(plan.environment, { name: "pr-7", type: "preview" });
    assert.deepEqual(plan.profile, { size: "small", highlyAvailable: false, backupDays: 0, protected: false, timeToLiveHours: 72 });
    assert.deepEqual(
      plan.servers.map(({ name }) => name),
      ["postgres", "redis-shared-redis-url"],
    );
  });

  it("with problems lists them, and its exit code is 1", async () => {
    box.write("two.ts", `${SETTINGS}export const again = settings("shared", { cacheUrl: redisUrl() });\n`);
    const { stdout, code } = await box.run(["plan", "--settings", "two.ts"]);
    assert.equal(code, 1);
    assert.match(stdout, /Problems:\n {2}- two groups .*\n {6}fix: rename one/);
  });
});
