import assert from "node:assert/strict";
import path from "node:path";
import { makeApp, nodePackages, type RealApp } from "./support";

/** Prints where the database is, as the server itself says. */
const where = `const pg = require("pg");
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
client.connect().then(async () => {
  const { rows } = await client.query("select current_database() || ' ' || inet_server_port() as place");
  console.log(require("./package.json").name + " is on " + rows[0].place);
  await client.end();
});
`;

const files = {
  "package.json": JSON.stringify({ name: "repository", private: true, packageManager: "npm@11.0.0", workspaces: ["apps/*", "packages/*"] }),
  "turbo.json": JSON.stringify({ tasks: { where: { cache: false, env: ["DATABASE_URL"] } } }),
  "packages/settings/package.json": JSON.stringify({ name: "@repository/settings", version: "1.0.0", private: true }),
  "settings.ts": `import { postgresUrl, settings } from "endow";
export const shared = settings("shared", { databaseUrl: postgresUrl() });
`,
  "apps/api/package.json": JSON.stringify({ name: "api", version: "1.0.0", private: true, scripts: { where: "node where.js" } }),
  "apps/api/where.js": where,
  "apps/worker/package.json": JSON.stringify({ name: "worker", version: "1.0.0", private: true, scripts: { where: "node where.js" } }),
  "apps/worker/where.js": where,
};

describe("turbo", () => {
  let app: RealApp | undefined;

  before(async function () {
    app = makeApp(files, await nodePackages(this, "web"));
  });
  after(() => app?.clean());

  it("passes the variables that its strict mode lists to every app, which have one environment from every folder", async () => {
    assert.ok(app);
    const env = { TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" };
    const atRoot = await app.dev(["turbo", "run", "where", "--output-logs", "full"], { env });
    const [place, ...others] = [...atRoot.matchAll(/(?:api|worker) is on (\w+ \d+)/g)].map(([, found]) => found);
    assert.deepEqual(others, [place], atRoot);
    const inApp = await app.dev(["npm", "run", "where"], { cwd: path.join(app.root, "apps/api") });
    assert.match(inApp, new RegExp(`api is on ${place}`));
    assert.match(inApp, /nothing changed/);
  });
});
