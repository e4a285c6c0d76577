import assert from "node:assert/strict";
import { Client } from "pg";
import { MAX_CREATED_DATABASES } from "../../../lib/kinds/postgres/role";
import { postgres } from "../../../lib/local/postgres";
import { ADMINISTRATOR } from "../../../lib/local/postgres/logins";
import type { LocalServer } from "../../../lib/local/recipe";
import { testServer, type TestServer } from "../../support/local-server";
import { options, sql } from "../../support/postgres-server";

type Fields = Awaited<ReturnType<typeof postgres.lease>>;

for (const version of ["14", "15", "16", "17", "18"] as const)
  describe(`the databases that the tools of an app create on PostgreSQL ${version}`, () => {
    let test: TestServer;
    let shop: Fields;
    let other: Fields;
    const notes: string[] = [];
    before(async () => {
      test = await testServer("databases", postgres, version);
      await test.start();
      shop = await lease("shop_app");
      other = await lease("other_app");
    });
    after(() => test?.remove());
    beforeEach(() => notes.splice(0));

    const lease = (name: string, createDatabases: boolean | undefined = true, server: LocalServer = test.server) =>
      postgres.lease(server, {
        id: name.replace("_", "."),
        name,
        options: options({ version, createDatabases, extensions: ["pgcrypto"] }),
        tell: (note) => void notes.push(note),
      });
    /** A lease that fails if it needs the administrator. */
    const leaseAsItself = (name: string) => {
      const { credentials } = test.server;
      const get = (login: string) => (login === name ? credentials.get(login) : Promise.resolve("wrong"));
      return lease(name, true, { ...test.server, credentials: { ...credentials, get } });
    };
    const asAdministrator = async (text: string) =>
      sql(
        {
          port: test.server.port,
          username: ADMINISTRATOR,
          password: await test.server.credentials.get(ADMINISTRATOR),
          database: "postgres",
        },
        text,
      );
    const ownerOf = async (database: string) =>
      (await asAdministrator(`select pg_get_userbyid(datdba) as owner from pg_database where datname = '${database}'`))[0]?.["owner"];

    it("are created, used and dropped as the owner, from the app's own database and from the one that tools connect to", async () => {
      for (const from of ["shop_app", "postgres"]) {
        await sql({ ...shop, database: from }, `create database "prisma_migrate_shadow_db_8f1c-2" encoding 'UTF8'`);
        assert.equal(await ownerOf("prisma_migrate_shadow_db_8f1c-2"), "shop_app_owner");
        await sql({ ...shop, database: "prisma_migrate_shadow_db_8f1c-2" }, "create extension citext; create table orders (id int)");
        await sql({ ...shop, database: from }, `drop database "prisma_migrate_shadow_db_8f1c-2"`);
      }
    });

    it("can be created only as the owner: the login cannot pass that right on", async () => {
      assert.deepEqual(await asAdministrator("select rolname, rolcreatedb from pg_roles where rolname like 'shop_app%' order by 1"), [
        { rolname: "shop_app", rolcreatedb: false },
        { rolname: "shop_app_owner", rolcreatedb: true },
      ]);
      const { host, port, username: user, password, database } = shop;
      const client = new Client({ host, port, user, password, database });
      await client.connect();
      await client.query("set role none");
      await assert.rejects(client.query("create database by_login"), { code: "42501" });
      await client.end();
      await assert.rejects(sql(shop, "create database for_another owner other_app_owner"), { code: "42501" });
      await assert.rejects(sql(shop, "create database copied template other_app"), { code: "42501" });
      await assert.rejects(sql(shop, "create role intruder"), { code: "42501" });
    });

    it("let no setting put anything into the database that all tools connect to", async () => {
      const shared = { ...shop, database: "postgres" };
      await assert.rejects(sql(shared, "create table public.planted (id int)"), { code: "42501" });
      await assert.rejects(sql(shared, "create schema planted"), { code: "42501" });
      await assert.rejects(sql({ ...shop, database: "template1" }, "select 1"), { code: "42501" });
    });

    it("are closed to the logins of other settings at the next run, as is the setting's own database after a tool recreated it", async () => {
      await sql(shop, "create database test_shop");
      await sql({ ...shop, database: "postgres" }, "drop database shop_app");
      await sql({ ...shop, database: "postgres" }, "create database shop_app");
      for (const database of ["test_shop", "shop_app"]) await sql({ ...other, database }, "select 1");
      assert.deepEqual(await lease("shop_app"), shop);
      for (const database of ["test_shop", "shop_app"]) await assert.rejects(sql({ ...other, database }, "select 1"), { code: "42501" });
      assert.deepEqual(await sql(shop, "select extname from pg_extension where extname = 'pgcrypto'"), [{ extname: "pgcrypto" }]);
      assert.deepEqual(await leaseAsItself("shop_app"), shop);
      await sql(shop, "drop database test_shop");
    });

    it(`are at most ${MAX_CREATED_DATABASES}: then the owner loses the right until some are dropped, with a message for the user`, async () => {
      const names = Array.from({ length: MAX_CREATED_DATABASES }, (_, index) => `scratch_${String(index).padStart(2, "0")}`);
      for (const name of names.slice(1)) await sql(shop, `create database ${name}`);
      await lease("shop_app");
      assert.deepEqual(notes, []);
      await sql(shop, `create database ${names[0]}`);
      await lease("shop_app");
      await assert.rejects(sql(shop, "create database one_more"), { code: "42501" });
      await leaseAsItself("shop_app");
      const note =
        `shop.app has 16 databases besides its own, and the limit is 16, so its login cannot create any more (permission denied, 42501): ` +
        `drop those you do not need, then run this again: ${names.join(", ")}`;
      assert.deepEqual(notes, [note, note]);
      for (const name of names) await sql(shop, `drop database ${name}`);
      await lease("shop_app");
      await sql(shop, "create database one_more");
      await sql(shop, "drop database one_more");
    });

    it("are listed with their login", async () => {
      await sql(shop, `create database "Test ""shop"""`);
      assert.deepEqual(await postgres.created?.(test.server), [{ name: 'Test "shop"', login: "shop_app" }]);
    });

    it("are kept when creating is no longer allowed or the login is disabled, which also ends their sessions", async () => {
      await lease("shop_app", false);
      await assert.rejects(sql(shop, "create database refused"), { code: "42501" });
      await assert.rejects(sql({ ...shop, database: "postgres" }, "select 1"), { code: "42501" });
      assert.deepEqual(await sql({ ...shop, database: 'Test "shop"' }, "select 1 as one"), [{ one: 1 }]);
      await lease("shop_app");
      const sleeping = assert.rejects(sql({ ...shop, database: 'Test "shop"' }, "select pg_sleep(60)"), /57P01|terminat/);
      const isAsleep = "select 1 from pg_stat_activity where usename = 'shop_app' and wait_event = 'PgSleep'";
      while ((await asAdministrator(isAsleep)).length === 0);
      await postgres.disable(test.server, "shop_app");
      await sleeping;
      assert.equal(await ownerOf('Test "shop"'), "shop_app_owner");
      await lease("shop_app");
    });

    it("keep their name: another setting cannot take one over", async () => {
      await sql(shop, "create database late_app");
      await assert.rejects(lease("late_app"), {
        code: "NAME_TAKEN",
        message: /the database late_app was created by the login shop_app of another setting: nothing was changed/,
      });
      assert.deepEqual(await asAdministrator("select rolname from pg_roles where rolname like 'late_app%'"), []);
      await sql(shop, "drop database late_app");
      await lease("late_app");
    });

    it("are dropped with their lease, even if in use or a template; other settings keep theirs", async () => {
      await sql(shop, "create database tpl is_template true");
      await sql(shop, "create database in_use");
      const using = assert.rejects(sql({ ...shop, database: "in_use" }, "select pg_sleep(60)"), /57P01|terminat/);
      const isAsleep = "select 1 from pg_stat_activity where usename = 'shop_app' and wait_event = 'PgSleep'";
      while ((await asAdministrator(isAsleep)).length === 0);
      await sql(other, "create database test_other");
      await postgres.drop(test.server, "shop_app");
      await postgres.drop(test.server, "shop_app");
      await using;
      assert.deepEqual(await asAdministrator("select rolname from pg_roles where rolname like 'shop_app%'"), []);
      assert.deepEqual(
        (await asAdministrator("select datname from pg_database where not datistemplate order by 1")).map(({ datname }) => datname),
        ["late_app", "other_app", "postgres", "test_other"],
      );
      assert.deepEqual(await sql(other, "select 1 as one"), [{ one: 1 }]);
    });
  });
