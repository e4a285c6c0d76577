import assert from "node:assert/strict";
import { freePort } from "../../lib/local/ports";
import { eventually } from "../support/supervised";
import { makeApp, nodePackages, type RealApp } from "./support";

const files = {
  "settings.ts": `import { postgresUrl, settings } from "endow";
import { z } from "zod";
export const web = settings("web", {
  databaseUrl: postgresUrl(),
  greeting: z.string(),
  farewell: z.string(),
  pageSize: z.int().default(20),
});
`,
  // By Next's own order, .env.local wins over .env.development, and that over .env. The last is no setting.
  ".env": "GREETING=from .env\nFAREWELL=from .env\nNEXT_PUBLIC_TITLE=from .env\n",
  ".env.development": "GREETING=from .env.development\nFAREWELL=from .env.development\nNEXT_PUBLIC_TITLE=$GREETING\n",
  ".env.local": "GREETING=from .env.local\n",
  "pages/api/settings.js": `import pg from "pg";
export default async function handler(request, response) {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const { rows } = await client.query("select count(*)::int as databases from pg_database where datname = current_database()");
  await client.end();
  const { GREETING, FAREWELL, PAGE_SIZE, NEXT_PUBLIC_TITLE } = process.env;
  response.json({ ...rows[0], GREETING, FAREWELL, PAGE_SIZE, NEXT_PUBLIC_TITLE });
}
`,
  "package.json": `{ "private": true, "dependencies": { "next": "16.4.6", "pg": "8.23.1", "react": "19.3.1", "react-dom": "19.3.1" } }`,
};

describe("Next", () => {
  let app: RealApp | undefined;

  before(async function () {
    app = makeApp(files, await nodePackages(this, "web"));
  });
  after(() => app?.clean());

  it("gets its database, and every other value as its own files say in its own order", async () => {
    assert.ok(app);
    const url = `http://127.0.0.1:${await freePort()}`;
    // Not Turbopack, which does not follow the link from node_modules to the cache.
    const command = ["node_modules/.bin/next", "dev", "--webpack", "--hostname", "127.0.0.1", "--port", new URL(url).port];
    const server = app.start(["dev", "--", ...command], { env: { NEXT_TELEMETRY_DISABLED: "1" } });
    let isOver = false;
    void server.finished.then(() => (isOver = true));
    try {
      await eventually("Next to be ready", () => isOver || /Ready in/.test(server.stdout()));
      assert.ok(!isOver, server.stdout());
      assert.deepEqual(await (await fetch(`${url}/api/settings`)).json(), {
        databases: 1,
        GREETING: "from .env.local",
        FAREWELL: "from .env.development",
        PAGE_SIZE: "20",
        NEXT_PUBLIC_TITLE: "from .env.local",
      });
    } finally {
      server.child.kill("SIGTERM");
      await server.finished;
    }
  });
});
