import assert from "node:assert/strict";
import { makeApp, nodePackages, type RealApp } from "./support";

const files = {
  "settings.ts": `import { postgresUrl, settings } from "endow";
export const shop = settings("shop", {
  database: postgresUrl({
    variables: {
      url: false,
      host: "TYPEORM_HOST",
      port: "TYPEORM_PORT",
      username: "TYPEORM_USERNAME",
      password: "TYPEORM_PASSWORD",
      database: "TYPEORM_DATABASE",
    },
  }),
});
`,
  "data-source.ts": `import "reflect-metadata";
import { DataSource } from "typeorm";
import { Order } from "./order";
export default new DataSource({
  type: "postgres",
  host: process.env.TYPEORM_HOST,
  port: Number(process.env.TYPEORM_PORT),
  username: process.env.TYPEORM_USERNAME,
  password: process.env.TYPEORM_PASSWORD,
  database: process.env.TYPEORM_DATABASE,
  entities: [Order],
  migrations: ["migrations/*.ts"],
});
`,
  "order.ts": `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";
@Entity({ name: "orders" })
export class Order {
  @PrimaryGeneratedColumn({ type: "int" }) id!: number;
  @Column({ type: "text" }) article!: string;
}
`,
  "add.ts": `import source from "./data-source";
import { Order } from "./order";
void source.initialize().then(async () => {
  const orders = source.getRepository(Order);
  await orders.save(orders.create({ article: "a chair" }));
  console.log("orders: " + JSON.stringify(await orders.find()));
  await source.destroy();
});
`,
  "tsconfig.json": `{ "compilerOptions": { "module": "commonjs", "experimentalDecorators": true, "emitDecoratorMetadata": true } }`,
  "package.json": `{ "private": true }`,
};

const typeorm = (...args: readonly string[]) => ["tsx", "node_modules/typeorm/cli.js", ...args, "--dataSource", "data-source.ts"];

describe("TypeORM", () => {
  let app: RealApp | undefined;

  before(async function () {
    app = makeApp(files, await nodePackages(this, "node"));
  });
  after(() => app?.clean());

  it("generates and runs a migration, and keeps an entity, with its connection apart in the names of its own data source", async () => {
    assert.ok(app);
    await app.dev(typeorm("migration:generate", "migrations/First"));
    assert.match(await app.dev(typeorm("migration:run")), /First\d+ has been executed successfully/);
    assert.match(await app.dev(["tsx", "add.ts"]), /orders: \[\{"id":1,"article":"a chair"\}\]/);
  });
});
