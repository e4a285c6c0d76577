import assert from "node:assert/strict";
import { makeApp, nodePackages, type RealApp } from "./support";

const files = {
  "settings.ts": `import { postgresUrl, settings } from "endow";
export const forum = settings("forum", { database: postgresUrl({ env: "POSTGRES_PRISMA_URL" }) });
`,
  // Prisma's schema engine as wasm, which connects with a driver: the other engine is a binary that is not on the npm registry. What its adapter for
  // PostgreSQL gets wrong (two types of the catalog, https://github.com/prisma/orm/issues/27403, and the shadow database) is corrected here, and
  // the command does not wait for the timers of 10 and 60 seconds that the engine leaves behind.
  "prisma.config.ts": `import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { defineConfig } from "prisma/config";

const { addFields } = pg.Result.prototype;
pg.Result.prototype.addFields = function (fields) {
  addFields.call(this, fields.map((field) => ([18, 19].includes(field.dataTypeID) ? Object.assign(field, { dataTypeID: 25 }) : field)));
};

const { setTimeout: wait } = globalThis;
Object.assign(globalThis, { setTimeout: (work, time, ...rest) => (time < 10_000 ? wait(work, time, ...rest) : wait(work, time, ...rest).unref()) });

const connectTo = (url: URL) => new PrismaPg({ connectionString: url.href, idleTimeoutMillis: 500 });
const url = new URL(process.env.POSTGRES_PRISMA_URL!);

class Adapter extends PrismaPg {
  async connectToShadowDb() {
    const name = "shadow_" + crypto.randomUUID();
    const server = await this.connect();
    await server.executeScript('create database "' + name + '"');
    console.log("created a shadow database");
    const shadow = await connectTo(Object.assign(new URL(url), { pathname: name })).connect();
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await server.executeScript('drop database "' + name + '"');
      await server.dispose();
    };
    return shadow;
  }
}

export default defineConfig({
  experimental: { adapter: true },
  engine: "js",
  schema: "prisma/schema.prisma",
  adapter: async () => new Adapter({ connectionString: url.href, idleTimeoutMillis: 500 }),
});
`,
  "prisma/schema.prisma": `generator client {
  provider   = "prisma-client"
  output     = "../generated"
  engineType = "client"
}

datasource db {
  provider = "postgresql"
  url      = env("POSTGRES_PRISMA_URL")
}

model Post {
  id    Int    @id @default(autoincrement())
  title String
}
`,
  "add.ts": `import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client";

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.POSTGRES_PRISMA_URL }) });
await prisma.post.create({ data: { title: "first" } });
console.log("posts: " + JSON.stringify(await prisma.post.findMany()));
await prisma.$disconnect();
`,
  "package.json": `{ "private": true, "type": "module" }`,
};

describe("Prisma", () => {
  let app: RealApp | undefined;

  before(async function () {
    app = makeApp(files, await nodePackages(this, "node"));
  });
  after(() => app?.clean());

  it("runs `migrate dev`, which creates a shadow database, and its client, with the variable that its schema names", async () => {
    assert.ok(app);
    const env = { CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" };
    assert.match(await app.dev(["prisma", "migrate", "dev", "--name", "first", "--skip-generate"], { env }), /in sync with your schema/);
    await app.dev(["prisma", "generate"], { env });
    assert.match(await app.dev(["tsx", "add.ts"]), /posts: \[\{"id":1,"title":"first"\}\]/);
    app.write("prisma/schema.prisma", app.read("prisma/schema.prisma").replace("title String", "title String\n  text  String?"));
    assert.match(await app.dev(["prisma", "migrate", "dev", "--name", "text", "--skip-generate"], { env }), /in sync with your schema/);
  });
});
