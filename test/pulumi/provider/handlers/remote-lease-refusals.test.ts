import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../../../lib/local/ports";
import { checkInputs } from "../../../../lib/pulumi/provider/check";
import { UNKNOWN } from "../../../../lib/pulumi/provider/marshal";
import { remoteFolderName } from "../../../../lib/local/remote/leases";
import { remoteLease } from "../../../../lib/pulumi/provider/handlers/remote-lease";
import { checked, created, makeStack } from "../../../support/local-stack";
import { sql } from "../../../support/postgres-server";
import { refusalOf, existingServer } from "./given-server";

describe("a lease on an existing server, for what it is refused or must not touch", function () {
  const { port, administrator, stack, name, database, create, query, loginAs, asAdministrator, keep, kept } = existingServer();

  it("touches no role and no database that was not created for it", async () => {
    await asAdministrator(`create role ${name()} login password 'their own password'`);
    const refused = await refusalOf(create());
    assert.equal(refused.code, "NAME_TAKEN");
    assert.match(refused.message, new RegExp(`has a role ${name()} that this environment did not create: nothing was changed`));
    assert.match(
      refused.message,
      /fix: give the environment another name.*comment on role "shop_\d+_owner" is 'endow stack-test\/development\//,
    );
    assert.deepEqual(
      await sql(loginAs(name(), "their own password", "postgres"), "select 1").catch((error: { code: string }) => error.code),
      "42501",
    );
    await asAdministrator(`drop role ${name()}`);
    await asAdministrator(`create database ${name()}`);
    assert.match((await refusalOf(create())).message, /has a database shop_\d+ that this environment did not create/);
    assert.deepEqual(await asAdministrator(`select 1 from pg_roles where rolname = '${name()}'`), []);
    assert.equal(existsSync(path.join(stack().folder(), "remote")), false);
    await asAdministrator(`drop database ${name()}`);
    await asAdministrator(`create role ${name()}_owner`);
    assert.match((await refusalOf(create())).message, /has a role shop_\d+_owner that this environment did not create/);
    await asAdministrator(`drop role ${name()}_owner`);
    await create();
  });

  it("is adopted where an administrator has marked it as this environment's", async () => {
    await asAdministrator(`create role ${name()} login`);
    await asAdministrator(`grant ${name()} to current_user`);
    await asAdministrator(`create database ${name()} owner ${name()}`);
    const { message } = await refusalOf(create());
    const [, statements = ""] = /mark them on the server: (.*)/.exec(message) ?? [];
    await asAdministrator(`create role ${name()}_owner`);
    await asAdministrator(`grant ${name()}_owner to current_user`);
    for (const statement of statements.split("; ").filter((each) => !each.startsWith("create role"))) await asAdministrator(statement);
    const state = await create();
    assert.equal(state.outputs.login, name());
    assert.deepEqual(
      await query(state, "select pg_get_userbyid(datdba)::text as owner from pg_database where datname = current_database()"),
      [{ owner: `${name()}_owner` }],
    );
  });

  it("is not shared by two developers whose environments have the same name", async () => {
    const mine = await create();
    await keep(mine);
    const other = await makeStack("remote-other");
    try {
      const theirsToo = database({ environment: other.environment });
      assert.equal((await refusalOf(created(remoteLease, theirsToo, other.context))).code, "NAME_TAKEN");
      assert.deepEqual(await kept(mine), [{ row: 1 }]);
      const named = database({ environment: other.environment, name: `anna_${name()}` });
      assert.equal((await created(remoteLease, named, other.context)).outputs.login, `anna_${name()}`);
    } finally {
      await other.clean();
    }
  });

  it("keeps roles without privileges out of its database, and leaves other databases unchanged", async () => {
    const before = await asAdministrator("select datname, datacl::text from pg_database where datname in ('postgres', 'template1')");
    await create();
    assert.deepEqual(
      await asAdministrator("select datname, datacl::text from pg_database where datname in ('postgres', 'template1')"),
      before,
    );
    await asAdministrator(`create role stranger_${name()} login password 'stranger'`);
    const stranger = loginAs(`stranger_${name()}`, "stranger", name());
    assert.equal((await refusalOf(sql(stranger, "select 1"))).code, "42501");
  });

  it("explains connection problems in terms that fit an existing server, and never shows a password", async () => {
    const [state, closed] = [await create(), await freePort()];
    const wrong = { ...administrator(), password: "wrong-password-of-the-administrator" };
    const server = { kind: "postgres", host: "127.0.0.1", port: port() };
    const cases: readonly (readonly [more: object, code: string])[] = [
      [{ administrator: wrong }, "PASSWORD_REFUSED"],
      [{ administrator: { ...administrator(), database: "nowhere" } }, "LOGIN_REFUSED"],
      [{ server: { ...server, port: closed } }, "SERVER_UNREACHABLE"],
      [{ server: { ...server, host: "nowhere.invalid" } }, "SERVER_UNREACHABLE"],
      [{ server: { ...server, tls: { mode: "require" } } }, "TLS_FAILED"],
      [{ server: { ...server, tls: { mode: "verify-full", ca: "/nowhere/ca.pem" } } }, "CA_UNREADABLE"],
    ];
    const remove = (more: object) => {
      const inputs = checked(remoteLease, database(more));
      const id = path.join(path.dirname(state.id), remoteFolderName(state.outputs.login, inputs.server));
      return remoteLease.remove({ ...state, id, inputs }, stack().context);
    };
    for (const [more, code] of cases)
      for (const work of [() => create(more), () => remove(more)]) {
        const error = await refusalOf(work());
        assert.equal(error.code, code, error.message);
        assert.doesNotMatch(error.message, /restart this server|server's log/, error.message);
        for (const { password } of [wrong, administrator()]) assert.ok(!error.message.includes(password));
      }
    const gone = await refusalOf(remove({ server: { ...server, port: closed } }));
    assert.match(
      gone.message,
      /does not answer on 127\.0\.0\.1:\d+ \(ECONNREFUSED\)\n {2}fix: .*no longer exists, .*`pulumi state delete <urn>`/,
    );
    assert.deepEqual(await query(state, "select 1 as one"), [{ one: 1 }]);
  });

  it("rejects an extension that the server lacks, before it creates anything, and one that the administrator must not create", async () => {
    const unknown = await refusalOf(create({ options: { version: "17", extensions: ["nothing"] } }));
    assert.equal(unknown.code, "EXTENSION_UNAVAILABLE");
    assert.match(unknown.message, new RegExp(`PostgreSQL on 127.0.0.1:${port()} has no extension nothing`));
    assert.deepEqual(await asAdministrator(`select 1 from pg_roles where rolname = '${name()}'`), []);
    const privileged = await refusalOf(create({ options: { version: "17", extensions: ["pageinspect"] } }));
    assert.match(privileged.message, /"create extension if not exists" \(SQLSTATE 42501\)/);
    assert.equal((await create()).outputs.login, name());
  });

  it("is checked before anything is done, with the path of each property and without its value", () => {
    const { server, administrator: login, ...others } = database();
    const cases: readonly (readonly [more: object, failure: string])[] = [
      [{ server: { ...server, kind: "redis" } }, "server.kind: must be one of postgres"],
      [{ server: { ...server, host: "a b" } }, "server.host: must be a host name or an IP address"],
      [{ server: { ...server, host: "/run/postgresql" } }, "server.host: must be a host name or an IP address"],
      [{ server: { ...server, tls: { mode: "verify-full", ca: "ca.pem" } } }, "server.tls.ca: must be an absolute path"],
      [
        { administrator: { ...login, superuser: true } },
        "administrator.superuser: is not a valid property: allowed are username, password, database",
      ],
      [{ name: "Shop" }, "name: must be 1 to 54 characters of a-z, 0-9 and _, starting with a letter"],
    ];
    for (const [more, failure] of cases) {
      const { failures } = checkInputs(remoteLease.inputs, { ...others, server, administrator: login, ...more });
      assert.deepEqual(
        failures.map(({ property, reason }) => `${property}: ${reason}`),
        [failure],
      );
    }
    const { failures } = checkInputs(remoteLease.inputs, { ...others, server, administrator: { ...login, password: UNKNOWN } });
    assert.deepEqual(failures, []);
  });

  it("rejects an import, and unknown options", async () => {
    assert.equal((await refusalOf(remoteLease.read({ id: "/somewhere" }))).code, "IMPORT_UNSUPPORTED");
    assert.equal((await refusalOf(create({ options: { version: "3" } }))).code, "OPTIONS_INVALID");
  });
});
