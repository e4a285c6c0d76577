import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { up } from "../../../../lib/local/up";
import { leasesIn } from "../../../../lib/local/state";
import { readState } from "../../../../lib/local/state-files";
import { postgresUrl, settings } from "../../../../lib";
import { plan } from "../../../../lib/plan";
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

const leases = async () => leasesIn((await readState(stack.folder())) ?? { servers: {} });

const recorded = async (setting: string) => (await leases()).filter(({ id }) => id === `shared.${setting}`);

/** Asserts that nothing of the environment is left on this machine. */
const loseAll = async () => {
  await stopAll(stack.folder());
  await rm(stack.folder(), { recursive: true });
};

describe("a lease of a stack", () => {
  before(async () => (stack = await makeStack("lease")));
  after(() => stack.clean());

  it("starts its server, and keeps its rows when it is disabled and created again", async () => {
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

  it("of a bucket that shares its key is unchanged until the key changes", async function () {
    // The first run on a machine builds the server.
    this.timeout(600_000);
    const bucket = (setting: string) => ({
      ...database(setting),
      server: { name: "bucket", kind: "bucket" },
      options: { key: "shared" },
    });
    const files = await created(lease, bucket("files"), stack.context);
    const images = await created(lease, bucket("images"), stack.context);
    assert.equal(images.outputs["secretAccessKey"], files.outputs["secretAccessKey"]);
    for (const state of [files, images]) assert.deepEqual(await lease.drifted?.(state), []);
    await rm(path.join(path.dirname(files.id), "credentials.json"));
    for (const state of [files, images]) assert.deepEqual(await lease.drifted?.(state), ["login"]);
  });

  it("keeps its database when the setting is renamed, which leaves nothing to delete under the old name", async () => {
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

  it("that cannot be disabled while its server is stopped is disabled when the server next runs", async () => {
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

  it("warns that the data stays where it was when the setting moves to another server", async () => {
    const state = await created(lease, database("moved"), stack.context);
    const other = database("moved", { server: { ...postgres, name: "postgres-other" } });
    assert.deepEqual(lease.replaces(state.inputs, checked(lease, other)), ["server"]);
    await created(lease, other, stack.context);
    assert.equal(stack.warnings.length, 1);
    assert.match(stack.warnings[0] ?? "", /the data of shared\.moved stays on postgres; postgres-other starts empty\. .* with pg_dump$/);
    await lease.remove(state, stack.context);
    assert.deepEqual(
      (await recorded("moved")).map((each) => [each.server, each.disabled]),
      [
        ["postgres", true],
        ["postgres-other", false],
      ],
    );
  });

  it("is the same one that `endow dev` creates and reuses", async () => {
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

  it("has its password only in the server's own file, and in no arguments", async () => {
    const { outputs } = await created(lease, database("secretive"), stack.context);
    const password = String(outputs["password"]);
    const files = ["environment.json", "state.json", "supervisor.log", "logs/postgres.log"].map((file) => path.join(stack.folder(), file));
    for (const file of files.filter((each) => existsSync(each))) assert.ok(!(await readFile(file, "utf8")).includes(password), file);
    assert.ok(!execFileSync("ps", ["axeww"], { encoding: "utf8", maxBuffer: 2 ** 26 }).includes(password));
  });

  it("rejects unknown options, and an import", async () => {
    await assert.rejects(created(lease, database("refused", { options: { version: "3" } }), stack.context), {
      code: "OPTIONS_INVALID",
      message: /options\.version/,
    });
    await assert.rejects(lease.read({ id: path.join(stack.folder(), "servers/postgres/x") }), { code: "IMPORT_UNSUPPORTED" });
  });

  it("has any loss or change of it detected", async () => {
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

  it("keep the login recorded in the stack when the machine has lost its record, unless another setting has it now", async () => {
    const state = await created(lease, database("orders"), stack.context);
    const renamed = { setting: "shared.sales", name: "shared_sales", formerly: ["shared.orders"] };
    const sales = await updated(lease, state, renamed, stack.context);
    await loseAll();
    const again = await updated(lease, sales, { formerly: [] }, stack.context);
    assert.equal(again.outputs.login, "shared_orders");

    await loseAll();
    const orders = await created(lease, database("orders"), stack.context);
    await query(orders, "create table kept as select 1 as row");
    await assert.rejects(updated(lease, sales, { formerly: [] }, stack.context), {
      code: "LEASE_ELSEWHERE",
      message: /pulumi up --replace/,
    });
    assert.deepEqual(await lease.drifted?.(sales), ["login"]);
    const apart = await created(lease, { ...sales.inputs, formerly: [] }, stack.context);
    await lease.remove(sales, stack.context);
    assert.equal(apart.outputs.login, "shared_sales");
    assert.deepEqual(await query(apart, "select to_regclass('kept') as found"), [{ found: null }]);
    assert.deepEqual(await lease.drifted?.(apart), []);
    await lease.remove(apart, stack.context);
    assert.deepEqual(await query(orders, "select row from kept"), [{ row: 1 }]);
  });

  it("keep their server when it is renamed, also if only the lease has recorded the name and the code forgets the former one", async () => {
    const state = await created(lease, database("orders"), stack.context);
    await query(state, "create table kept as select 1 as row");
    const named = { ...postgres, name: "postgres-main" };
    const renamed = await updated(lease, state, { server: { ...named, formerly: ["postgres"] } }, stack.context);
    const forgotten = await updated(lease, renamed, { server: { ...named, formerly: [] } }, stack.context);
    assert.deepEqual(await query(forgotten, "select row from kept"), [{ row: 1 }]);
    const other = await created(lease, database("others"), stack.context);
    assert.notEqual(other.outputs.serverPort, forgotten.outputs.serverPort);
  });

  it("never use a server whose folder now belongs to another one", async () => {
    const redis = (name: string, more: object = {}) => ({
      ...database("redis", { server: { name: `redis-${name}`, kind: "redis", ...more }, options: {} }),
      setting: `shared.${name}`,
      name: `shared_${name}`,
    });
    const orders = await created(lease, redis("orders"), stack.context);
    const sales = await updated(
      lease,
      orders,
      { ...redis("sales", { formerly: ["redis-orders"] }), formerly: ["shared.orders"] },
      stack.context,
    );
    assert.equal(sales.outputs.serverPort, orders.outputs.serverPort);
    await loseAll();
    await created(lease, redis("orders"), stack.context);
    await assert.rejects(updated(lease, sales, redis("sales"), stack.context), {
      code: "SERVER_ELSEWHERE",
      message: /pulumi up --replace/,
    });
    assert.equal(await lease.read(sales), undefined);
    const replaced = await created(lease, redis("sales"), stack.context);
    assert.equal(replaced.id, path.join(stack.folder(), "servers/redis-sales/shared_sales"));
  });

  it("and their servers are refused while the data cannot be identified, and reused once it can", async () => {
    const state = await created(lease, database("kept"), stack.context);
    await query(state, "create table kept as select 1 as row");
    await stopAll(stack.folder());
    const [main, note] = ["environment.json", "servers/postgres/server.json"].map((file) => path.join(stack.folder(), file));
    const sound = await readFile(note ?? "");
    for (const file of [main, note]) await writeFile(file ?? "", "null");
    await assert.rejects(updated(lease, state, {}, stack.context), { code: "RECORD_DAMAGED" });
    await assert.rejects(lease.remove(state, stack.context), { code: "RECORD_DAMAGED" });
    await writeFile(note ?? "", sound);
    const again = await updated(lease, state, {}, stack.context);
    assert.deepEqual(await query(again, "select row from kept"), [{ row: 1 }]);
    assert.deepEqual([stack.warnings.length, stack.warnings[0]?.includes("has been rebuilt from")], [1, true]);
  });

  it("are created concurrently, on one server or several, by one process", async () => {
    const names = ["one", "two", "three"];
    const databases = names.map((name) => created(lease, database(name), stack.context));
    const redis = created(lease, database("redis", { server: { name: "redis-shared", kind: "redis" }, options: {} }), stack.context);
    const states = await Promise.all([...databases, redis]);
    assert.equal(new Set(states.map(({ outputs }) => outputs.serverPort)).size, 2);
    for (const state of states.slice(0, 3)) assert.deepEqual(await query(state, "select 1 as one"), [{ one: 1 }]);
    await Promise.all(states.map((state) => lease.remove(state, stack.context)));
    assert.ok((await leases()).every(({ disabled }) => disabled));
  });

  it("are deleted with their data, followed by their server", async () => {
    const own = await created(server, { environment: stack.environment, ...postgres, forceDestroy: true }, stack.context);
    const state = await created(lease, database("own", { forceDestroy: true }), stack.context);
    const other = await created(lease, database("other_url"), stack.context);
    await lease.remove(state, stack.context);
    await assert.rejects(query(state, "select 1"), { code: "28P01" });
    assert.deepEqual(
      (await leases()).map(({ name }) => name),
      ["shared_other_url"],
    );
    await stopAll(stack.folder());
    await lease.remove({ ...other, inputs: { ...other.inputs, forceDestroy: true } }, stack.context);
    await server.remove(own, stack.context);
    assert.deepEqual([await processesIn(stack.folder()), existsSync(stack.folder())], [[], false]);
  });
});
