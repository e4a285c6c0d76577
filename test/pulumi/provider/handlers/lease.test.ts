import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { up } from "../../../../lib/local/up";
import { readState } from "../../../../lib/local/state";
import { plan, postgresUrl, settings } from "../../../../lib";
import { lease } from "../../../../lib/pulumi/provider/handlers/lease";
import { server } from "../../../../lib/pulumi/provider/handlers/server";
import type { ResourceState } from "../../../../lib/pulumi/provider/handler";
import type { LeaseInputs, LeaseOutputs } from "../../../../lib/pulumi/provider/schemas";
import { processesIn, stopAll } from "../../../../lib/supervisor/client";
import { checked, created, makeStack, updated, type LocalStack } from "../../../support/local-stack";
import { sql } from "../../../support/postgres-server";

type LeaseState = ResourceState<LeaseInputs, LeaseOutputs>;

const postgres = { name: "postgres", kind: "postgres", version: "17" };

let stack: LocalStack;

const database = (setting: string, more: object = {}) => ({
  environment: stack.environment,
  server: postgres,
  setting: `shared.${setting}`,
  name: `shared_${setting}`,
  options: { version: "17" },
  ...more,
});

const query = ({ outputs }: LeaseState, text: string) => sql(outputs as unknown as Parameters<typeof sql>[0], text);

const recorded = async (setting: string) => (await readState(stack.folder()))?.leases.filter(({ id }) => id === `shared.${setting}`) ?? [];

describe("a lease of a stack", () => {
  before(async () => (stack = await makeStack("lease")));
  after(() => stack.clean());

  it("brings its server up, and keeps its rows when it is shut out and made again", async () => {
    const state = await created(lease, database("kept"), stack.context);
    assert.equal(state.id, path.join(stack.folder(), "servers/postgres/shared_kept"));
    assert.deepEqual(lease.secretOutputs(state.inputs), ["password"]);
    await query(state, "create table kept as select 1 as row");
    assert.deepEqual([await lease.drifted?.(state), await lease.read(state)], [[], state]);

    await lease.remove(state, stack.context);
    await lease.remove(state, stack.context);
    await assert.rejects(query(state, "select 1"), { code: "28000" });
    assert.deepEqual([await lease.drifted?.(state), await lease.read(state)], [["login"], undefined]);

    const again = await created(lease, database("kept"), stack.context);
    assert.deepEqual(again, state);
    assert.deepEqual(await query(again, "select row from kept"), [{ row: 1 }]);
  });

  it("keeps its database through another name of the setting, which leaves nothing to remove by the old one", async () => {
    const state = await created(lease, database("renamed"), stack.context);
    await query(state, "create table kept as select 1 as row");
    const renamed = { setting: "shared.mainUrl", name: "shared_main_url", formerly: ["shared.renamed"] };
    assert.deepEqual(lease.replaces(state.inputs, checked(lease, database("renamed", renamed))), []);
    assert.deepEqual(lease.replaces(state.inputs, checked(lease, database("renamed", { ...renamed, formerly: [] }))), ["setting"]);

    const moved = await created(lease, database("renamed", renamed), stack.context);
    assert.equal(moved.outputs.login, "shared_renamed");
    await lease.remove(state, stack.context);
    assert.deepEqual(await query(moved, "select row from kept"), [{ row: 1 }]);
    const updatedState = await updated(lease, moved, {}, stack.context);
    assert.deepEqual(updatedState, moved);
  });

  it("that cannot be shut out while its server is stopped is shut out when it next runs", async () => {
    const state = await created(lease, database("stopped"), stack.context);
    await stopAll(stack.folder());
    await lease.remove(state, stack.context);
    assert.deepEqual(
      (await recorded("stopped")).map(({ disabled, open }) => [disabled, open]),
      [[true, true]],
    );
    const running = await created(server, { environment: stack.environment, ...postgres }, stack.context);
    await assert.rejects(query({ ...state, outputs: { ...state.outputs, port: running.outputs.port } }, "select 1"), { code: "28000" });
  });

  it("says that the data stays where it was when its server is another one", async () => {
    const state = await created(lease, database("moved"), stack.context);
    const newer = database("moved", { server: { ...postgres, name: "postgres", version: "16" }, options: { version: "16" } });
    assert.deepEqual(lease.replaces(state.inputs, checked(lease, newer)), ["server"]);
    await created(lease, newer, stack.context);
    assert.equal(stack.warnings.length, 1);
    assert.match(stack.warnings[0] ?? "", /the data of shared\.moved stays on postgres; postgres starts empty/);
    await lease.remove(state, stack.context);
    assert.deepEqual(
      (await recorded("moved")).map((each) => [each.server, each.disabled]),
      [
        ["postgres", true],
        ["postgres", false],
      ],
    );
  });

  it("is the one that `endow dev` makes, and finds", async () => {
    const group = settings("shared", { databaseUrl: postgresUrl() });
    const dev = () =>
      up({
        plan: plan({ project: stack.environment.project, groups: [group], environment: "development" }),
        groups: [group],
        root: stack.root,
      });
    const { values } = await dev();
    const state = await created(lease, database("databaseUrl", { name: "shared_database_url" }), stack.context);
    const { username, password, port } = new URL(values["DATABASE_URL"] ?? "");
    assert.deepEqual([state.outputs["username"], state.outputs["password"], String(state.outputs["port"])], [username, password, port]);
    assert.equal((await dev()).changed, false);
  });

  it("has its password in no file but the server's own, and in no arguments", async () => {
    const { outputs } = await created(lease, database("secretive"), stack.context);
    const password = String(outputs["password"]);
    const files = ["environment.json", "state.json", "supervisor.log", "logs/postgres.log"].map((file) => path.join(stack.folder(), file));
    for (const file of files.filter((each) => existsSync(each))) assert.ok(!(await readFile(file, "utf8")).includes(password), file);
    assert.ok(!execFileSync("ps", ["axeww"], { encoding: "utf8", maxBuffer: 2 ** 26 }).includes(password));
  });

  it("refuses options that its kind does not know, and an import", async () => {
    await assert.rejects(created(lease, database("refused", { options: { version: "3" } }), stack.context), {
      code: "OPTIONS_INVALID",
      message: /options\.version/,
    });
    await assert.rejects(lease.read({ id: path.join(stack.folder(), "servers/postgres/x") }), { code: "IMPORT_UNSUPPORTED" });
  });

  it("is seen to be gone or changed by whatever changed it", async () => {
    const state = await created(lease, database("last"), stack.context);
    assert.deepEqual(await lease.drifted?.({ ...state, outputs: { ...state.outputs, serverPort: 1 } }), ["login"]);
    assert.deepEqual(await lease.drifted?.({ ...state, outputs: { ...state.outputs, password: "another" } }), ["login"]);
    await stopAll(stack.folder());
    await rm(path.join(stack.folder(), "servers/postgres/credentials.json"));
    assert.deepEqual(await lease.drifted?.(state), ["login"]);
    const repaired = await updated(lease, state, {}, stack.context);
    assert.deepEqual(await query(repaired, "select 1 as one"), [{ one: 1 }]);
    await stopAll(stack.folder());
    await rm(stack.folder(), { recursive: true });
    assert.deepEqual([await lease.drifted?.(state), await lease.read(state)], [["login"], undefined]);
    await lease.remove(state, stack.context);
    assert.equal(existsSync(stack.folder()), false);
  });
});

describe("the leases of a stack", () => {
  beforeEach(async () => (stack = await makeStack("leases")));
  afterEach(() => stack.clean());

  it("are made at the same time, on one server or several, by one process", async () => {
    const names = ["one", "two", "three"];
    const databases = names.map((name) => created(lease, database(name), stack.context));
    const redis = created(lease, database("redis", { server: { name: "redis-shared", kind: "redis" }, options: {} }), stack.context);
    const states = await Promise.all([...databases, redis]);
    assert.equal(new Set(states.map(({ outputs }) => outputs.serverPort)).size, 2);
    for (const state of states.slice(0, 3)) assert.deepEqual(await query(state, "select 1 as one"), [{ one: 1 }]);
    await Promise.all(states.map((state) => lease.remove(state, stack.context)));
    assert.ok((await readState(stack.folder()))?.leases.every(({ disabled }) => disabled));
  });

  it("with their data go for good, and their server after them", async () => {
    const own = await created(server, { environment: stack.environment, ...postgres, forceDestroy: true }, stack.context);
    const state = await created(lease, database("own", { forceDestroy: true }), stack.context);
    const other = await created(lease, database("other_url"), stack.context);
    await lease.remove(state, stack.context);
    await assert.rejects(query(state, "select 1"), { code: "28P01" });
    assert.deepEqual(
      (await readState(stack.folder()))?.leases.map(({ name }) => name),
      ["shared_other_url"],
    );
    await stopAll(stack.folder());
    await lease.remove({ ...other, inputs: { ...other.inputs, forceDestroy: true } }, stack.context);
    await server.remove(own, stack.context);
    assert.deepEqual([await processesIn(stack.folder()), existsSync(stack.folder())], [[], false]);
  });
});
