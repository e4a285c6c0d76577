import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { freePort } from "../../../../lib/local/ports";
import { ADMINISTRATOR } from "../../../../lib/local/postgres/logins";
import { readState } from "../../../../lib/local/state-files";
import { lease } from "../../../../lib/pulumi/provider/handlers/lease";
import { remoteLease } from "../../../../lib/pulumi/provider/handlers/remote-lease";
import { checked, created, updated } from "../../../support/local-stack";
import { refusalOf, existingServer } from "./given-server";

describe("a lease on an existing server", () => {
  const { theirs, port, administrator, stack, name, database, create, query, asAdministrator, keep, kept } = existingServer();

  it("is its own database and role, marked as endow's, created by an administrator who is not a superuser", async () => {
    const state = await create({ options: { version: "17", extensions: ["pgcrypto"] } });
    assert.deepEqual(await asAdministrator(`select rolsuper from pg_roles where rolname = '${ADMINISTRATOR}'`), [{ rolsuper: false }]);
    const { outputs } = state;
    const { host, database: made, username, tls, login, owner } = outputs;
    assert.deepEqual([host, outputs["port"], made, username, login], ["127.0.0.1", port(), name(), name(), name()]);
    assert.deepEqual(tls, { mode: "off" });
    const comment = await asAdministrator(
      `select shobj_description(oid, 'pg_authid') as text from pg_roles where rolname = '${name()}_owner'`,
    );
    assert.deepEqual(comment, [{ text: `endow stack-test/development/shared.databaseUrl, of ${owner}, at 127.0.0.1:${port()}` }]);
    assert.deepEqual(await query(state, "select extname from pg_extension where extname = 'pgcrypto'"), [{ extname: "pgcrypto" }]);
    assert.deepEqual(remoteLease.secretOutputs(state.inputs), ["password"]);
    assert.deepEqual([await remoteLease.drifted?.(state), await remoteLease.read(state), stack().warnings], [[], state, []]);
  });

  it("is reused by the second run, and gets its rows back after it was disabled", async () => {
    const state = await create();
    await keep(state);
    assert.deepEqual(await create(), state);
    await remoteLease.remove(state, stack().context);
    await remoteLease.remove(state, stack().context);
    assert.equal((await refusalOf(query(state, "select 1"))).code, "28000");
    assert.equal(await remoteLease.read(state), undefined);
    const again = await create();
    assert.deepEqual([again, await kept(again)], [state, [{ row: 1 }]]);
  });

  it("ends the sessions of a login that it disables", async () => {
    const state = await create();
    const sleeping = query(state, "select pg_sleep(60)");
    const ended = assert.rejects(sleeping);
    while ((await asAdministrator(`select 1 from pg_stat_activity where usename = '${name()}'`)).length === 0);
    await remoteLease.remove(state, stack().context);
    await ended;
  });

  it("is deleted with its data when configured so, and leaves nothing here", async () => {
    const state = await create({ forceDestroy: true });
    await remoteLease.remove(state, stack().context);
    await remoteLease.remove(state, stack().context);
    assert.deepEqual(await asAdministrator(`select 1 from pg_roles where rolname like '${name()}%'`), []);
    assert.deepEqual(await asAdministrator(`select 1 from pg_database where datname = '${name()}'`), []);
    assert.equal(existsSync(stack().folder()), false);
  });

  it("keeps its database when the setting's id or name changes", async () => {
    const state = await create();
    await keep(state);
    const renamed = { setting: "shared.mainUrl", name: "another_name", formerly: ["shared.databaseUrl"] };
    assert.deepEqual(remoteLease.replaces(state.inputs, checked(remoteLease, database(renamed))), []);
    assert.deepEqual(remoteLease.replaces(state.inputs, checked(remoteLease, database({ ...renamed, formerly: [] }))), ["setting"]);
    const moved = await create(renamed);
    assert.equal(moved.outputs.login, name());
    await remoteLease.remove(state, stack().context);
    assert.deepEqual(await kept(moved), [{ row: 1 }]);
    assert.deepEqual(await updated(remoteLease, moved, {}, stack().context), moved);
  });

  it("is never given to another setting, even when the code and the machine have lost the rename", async () => {
    const state = await create();
    await keep(state);
    const sales = { setting: "shared.sales", name: `sales_${name()}` };
    const renamed = await updated(remoteLease, state, { ...sales, formerly: ["shared.databaseUrl"] }, stack().context);
    for (const forget of [() => undefined, () => rm(stack().folder(), { recursive: true })]) {
      await forget();
      const sameOwner = await updated(remoteLease, renamed, { formerly: [] }, stack().context);
      assert.deepEqual(await kept(sameOwner), [{ row: 1 }]);
      const other = await create();
      assert.match(other.outputs.login, new RegExp(`^${name()}_[0-9a-f]{8}$`));
      assert.deepEqual(await query(other, "select to_regclass('kept') as found"), [{ found: null }]);
    }
  });

  it("gets a new password when its own is lost, even on a machine that has only the state", async () => {
    const state = await create();
    await keep(state);
    await rm(path.join(state.id, "credentials.json"));
    assert.deepEqual(await remoteLease.drifted?.(state), ["login"]);
    const repaired = await updated(remoteLease, state, {}, stack().context);
    assert.notEqual(repaired.outputs["password"], state.outputs["password"]);
    assert.deepEqual([await kept(repaired), await remoteLease.drifted?.(repaired)], [[{ row: 1 }], []]);
    await rm(stack().folder(), { recursive: true });
    const elsewhere = await updated(remoteLease, repaired, {}, stack().context);
    assert.deepEqual([elsewhere.outputs.owner, await kept(elsewhere)], [state.outputs.owner, [{ row: 1 }]]);
  });

  it("is removed from the state alone, when its folder and the app's are gone", async () => {
    const state = await create({ forceDestroy: true });
    await rm(stack().folder(), { recursive: true });
    await rm(stack().root, { recursive: true });
    await remoteLease.remove(state, stack().context);
    assert.deepEqual(await asAdministrator(`select 1 from pg_roles where rolname = '${name()}'`), []);
    assert.equal(existsSync(stack().folder()), false);
  });

  it("on another server is a new one, with a warning that the old one's data stays", async () => {
    const state = await create();
    const server = { ...state.inputs.server, port: await freePort() };
    assert.deepEqual(remoteLease.replaces(state.inputs, { ...state.inputs, server }), ["server"]);
    const tls = { ...state.inputs.server, tls: { mode: "require" as const } };
    assert.deepEqual(remoteLease.replaces(state.inputs, { ...state.inputs, server: tls }), []);
    const unlike = { ...state, inputs: { ...state.inputs, server } };
    assert.equal((await refusalOf(remoteLease.create(unlike.inputs, stack().context))).code, "SERVER_UNREACHABLE");

    const local = await created(
      lease,
      {
        environment: stack().environment,
        server: { name: "postgres", kind: "postgres", version: "17" },
        setting: "shared.databaseUrl",
        name: "shared_database_url",
        options: { version: "17" },
      },
      stack().context,
    );
    assert.equal(local.outputs.login, "shared_database_url");
    assert.deepEqual(stack().warnings, [
      `the data of shared.databaseUrl stays on 127.0.0.1:${port()}; postgres starts empty. ` +
        "Request the former server again to get it back, or copy it with pg_dump",
    ]);
  });

  it("survives a new address of the same server: removing the old resource does not disable it", async () => {
    const state = await create();
    await keep(state);
    const moved = await create({ server: { ...state.inputs.server, host: "localhost" } });
    await remoteLease.remove(state, stack().context);
    assert.deepEqual([moved.outputs.login, await kept(moved)], [name(), [{ row: 1 }]]);
    assert.equal(moved.outputs["host"], "localhost");
    assert.deepEqual(stack().warnings, []);
  });

  it("reports when the server's version differs from the setting's", async () => {
    await create({ options: { version: "16" } });
    assert.deepEqual(stack().warnings, [
      `127.0.0.1:${port()} runs PostgreSQL 17, but "shared.databaseUrl" requests 16: set \`version\` to match the server`,
    ]);
  });

  it("has its password in one private file, and the administrator's in no file", async () => {
    const state = await create();
    const password = String(state.outputs["password"]);
    const files = (await readdir(stack().folder(), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const holding = [];
    for (const { parentPath, name } of files) {
      const text = await readFile(path.join(parentPath, name), "utf8");
      assert.ok(!text.includes(administrator().password), name);
      if (text.includes(password)) holding.push(path.join(parentPath, name));
    }
    assert.deepEqual(holding, [path.join(state.id, "credentials.json")]);
    assert.deepEqual([(await stat(state.id)).mode & 0o777, (await stat(holding[0] ?? "")).mode & 0o777], [0o700, 0o600]);
    const log = await theirs().running().log();
    for (const secret of [password, administrator().password]) {
      assert.ok(!execFileSync("ps", ["axeww"], { encoding: "utf8", maxBuffer: 2 ** 26 }).includes(secret));
      assert.ok(!log.includes(secret));
    }
    assert.deepEqual(
      Object.values((await readState(stack().folder()))?.remote ?? {}).map(({ id, name }) => [id, name]),
      [["shared.databaseUrl", name()]],
    );
  });

  it("are created concurrently by one process", async () => {
    const states = await Promise.all(
      ["one", "two", "three"].map((each) => create({ setting: `shared.${each}`, name: `${each}_${name()}` })),
    );
    for (const state of states) assert.deepEqual(await query(state, "select 1 as one"), [{ one: 1 }]);
    assert.equal(new Set(states.map(({ outputs }) => outputs.owner)).size, 1);
  });
});
