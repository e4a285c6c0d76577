import assert from "node:assert/strict";
import { makeApp, nodePackages, type RealApp } from "./support";

const files = {
  "settings.ts": `import { postgresUrl, settings } from "endow";
export const notes = settings("notes", { postgresUrl: postgresUrl() });
`,
  "drizzle.config.ts": `import { defineConfig } from "drizzle-kit";
export default defineConfig({
  dialect: "postgresql",
  schema: "./schema.ts",
  out: "./drizzle",
  dbCredentials: { url: process.env.POSTGRES_URL! },
});
`,
  "schema.ts": `import { pgTable, serial, text } from "drizzle-orm/pg-core";
export const notes = pgTable("notes", { id: serial().primaryKey(), text: text().notNull() });
`,
  "add.ts": `import { drizzle } from "drizzle-orm/node-postgres";
import { notes } from "./schema";
const db = drizzle(process.env.POSTGRES_URL!);
await db.insert(notes).values({ text: process.argv[2]! });
console.log("notes: " + JSON.stringify(await db.select().from(notes)));
await db.$client.end();
`,
  "package.json": `{ "private": true, "type": "module" }`,
};

describe("Drizzle", () => {
  let app: RealApp | undefined;

  before(async function () {
    app = makeApp(files, await nodePackages(this, "node"));
  });
  after(() => app?.clean());

  it("migrates the database and queries it, with the URL that its own configuration reads", async () => {
    assert.ok(app);
    await app.dev(["drizzle-kit", "generate", "--name", "first"]);
    await app.dev(["drizzle-kit", "migrate"]);
    assert.match(await app.dev(["tsx", "add.ts", "one"]), /notes: \[\{"id":1,"text":"one"\}\]/);
    await app.dev(["drizzle-kit", "migrate"]);
    assert.match(await app.dev(["tsx", "add.ts", "two"]), /"one"\},\{"id":2,"text":"two"\}\]/);
  });
});
