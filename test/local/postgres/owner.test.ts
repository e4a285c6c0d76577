import assert from "node:assert/strict";
import { Client } from "pg";
import { postgresKind } from "../../../lib/kinds/postgres";
import { postgres } from "../../../lib/local/postgres";
import { addressOf } from "../../../lib/local/postgres/address";
import { ADMINISTRATOR } from "../../../lib/local/postgres/logins";
import { roleOf } from "../../../lib/roles/postgres/role";
import { runSteps } from "../../../lib/roles/postgres/run";
import { testServer, type TestServer } from "../../support/local-server";
import { options, sql } from "../../support/postgres-server";

type Fields = Awaited<ReturnType<typeof postgres.lease>>;

for (const version of ["14", "15", "16", "17", "18"] as const)
  describe(`the owner of a database on PostgreSQL ${version}`, () => {
    let test: TestServer;
    let first: Fields;
    let second: Fields;
    before(async () => {
      test = await testServer("owner", postgres, version);
      await test.start();
      first = await lease();
      second = { ...first, username: "shop_second", password: "of-the-second-login" };
      await ensure(second);
    });
    after(() => test?.remove());

    const lease = () => postgres.lease(test.server, { id: "shop.app", name: "shop_app", options: options({ version }) });
    const administrator = async () => ({ username: ADMINISTRATOR, password: await test.server.credentials.get(ADMINISTRATOR) });
    const asAdministrator = async (text: string, database = "postgres") =>
      sql({ port: test.server.port, ...(await administrator()), database }, text);
    /** Makes another login use the first one's database. */
    const ensure = async ({ username, password }: Fields) => {
      const role = { ...(await roleOf("shop_app", password)), login: username };
      const target = { ...addressOf(test.server), administrator: await administrator(), database: "shop_app" };
      await runSteps(postgresKind.role.ensure(role, options({ version })), target);
    };

    /** The role of a session after it was changed and the session was reset. */
    const afterDiscard = async ({ host, port, username: user, password, database }: Fields): Promise<unknown[]> => {
      const client = new Client({ host, port, user, password, database });
      await client.connect();
      try {
        await client.query("set role none");
        await client.query("discard all");
        return (await client.query<{ name: string }>("select current_user::text as name")).rows.map(({ name }) => name);
      } finally {
        await client.end();
      }
    };

    it("is a role without a login, created by an administrator that is not a superuser but a member of every role", async () => {
      const names = "('shop_app', 'shop_second', 'shop_app_owner')";
      assert.deepEqual(
        await asAdministrator(`select rolname, rolcanlogin, rolsuper, rolcreatedb from pg_roles where rolname in ${names} order by 1`),
        [
          { rolname: "shop_app", rolcanlogin: true, rolsuper: false, rolcreatedb: false },
          { rolname: "shop_app_owner", rolcanlogin: false, rolsuper: false, rolcreatedb: false },
          { rolname: "shop_second", rolcanlogin: true, rolsuper: false, rolcreatedb: false },
        ],
      );
      assert.deepEqual(
        await asAdministrator(
          `select rolsuper, (select count(*)::int from pg_roles r where rolname in ${names} and pg_has_role(r.oid, 'usage')) as roles
           from pg_roles where rolname = current_user`,
        ),
        [{ rolsuper: false, roles: 3 }],
      );
      const [owner] = await asAdministrator("select pg_get_userbyid(datdba) as name from pg_database where datname = 'shop_app'");
      assert.deepEqual(owner, { name: "shop_app_owner" });
    });

    it("is the role that every login acts as, even after a pooler has reset the session", async () => {
      for (const login of [first, second]) {
        assert.deepEqual(await sql(login, "select session_user::text, current_user::text"), [
          { session_user: login.username, current_user: "shop_app_owner" },
        ]);
        assert.deepEqual(await afterDiscard(login), ["shop_app_owner"]);
      }
    });

    it("lets each login change and drop objects of every type that the other has created", async () => {
      await sql(
        first,
        `create schema reports; create table reports.sales (id int primary key); create table plain (id int); create sequence numbers;
         create view seen as select * from plain; create type mood as enum ('fine'); create function one() returns int language sql as 'select 1';
         create extension pg_trgm; insert into plain values (1)`,
      );
      await sql(
        second,
        `alter table reports.sales add column price int; alter table plain rename column id to number; create index on plain (number);
         alter type mood add value 'better'; create or replace function one() returns int language sql as 'select 2'; drop extension pg_trgm;
         grant select on plain to public; update plain set number = 2`,
      );
      await sql(first, "drop view seen; drop schema reports cascade; drop sequence numbers; drop type mood; drop function one");
      assert.deepEqual(await sql(first, "select number from plain"), [{ number: 2 }]);
      await sql(second, "drop table plain");
    });

    it("takes over objects that a login created as itself when the login is next updated", async () => {
      await sql(first, "set role none; create schema own; create table own.things (id int)");
      await assert.rejects(sql(second, "drop table own.things"), { code: "42501" });
      await ensure(second);
      await assert.rejects(sql(second, "drop table own.things"), { code: "42501" });
      await ensure(first);
      await sql(second, "alter table own.things add column name text; drop schema own cascade");
    });

    it("keeps the database when one login is disabled, while another continues", async () => {
      await sql(first, "create table kept as select 1 as row");
      await postgres.disable(test.server, "shop_app");
      await assert.rejects(sql(first, "select 1"), { code: "28000" });
      assert.deepEqual(await sql(second, "select row from kept"), [{ row: 1 }]);
      await lease();
      assert.deepEqual(await sql(first, "select row from kept"), [{ row: 1 }]);
    });

    it("is not accessible to another database's login, which is a member of its own owner only", async () => {
      const other = await postgres.lease(test.server, { id: "shop.other", name: "shop_other", options: options({ version }) });
      await assert.rejects(sql({ ...other, database: "shop_app" }, "select 1"), { code: "42501" });
      await assert.rejects(sql(other, "set role shop_app_owner"), { code: "42501" });
      await assert.rejects(sql(other, "grant shop_app_owner to shop_other"), { code: /42501|0LP01/ });
    });

    it("is dropped with its database and its login", async () => {
      await asAdministrator("drop role shop_second");
      await postgres.drop(test.server, "shop_app");
      await postgres.drop(test.server, "shop_app");
      assert.deepEqual(await asAdministrator("select rolname from pg_roles where rolname like 'shop_app%'"), []);
      assert.deepEqual(await asAdministrator("select datname from pg_database where datname = 'shop_app'"), []);
    });
  });
