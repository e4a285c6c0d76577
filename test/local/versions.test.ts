import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { postgresUrl, redisUrl, settings } from "../../lib";
import { leasesIn } from "../../lib/local/state";
import { readState } from "../../lib/local/state-files";
import { lease } from "../../lib/pulumi/provider/handlers/lease";
import { server } from "../../lib/pulumi/provider/handlers/server";
import { statusOf } from "../../lib/supervisor/client";
import { type Home, makeHome, queryUrl } from "../support/home";
import { keeping } from "../support/kept";
import { created, makeStack, type LocalStack, updated } from "../support/local-stack";
import { sql } from "../support/postgres-server";

const { keep, kept } = keeping.postgres;

describe("a PostgreSQL server on this machine whose version changes", () => {
  let home: Home;
  beforeEach(async () => (home = await makeHome("version-test")));
  afterEach(() => home.clean());

  const bring = (version: "16" | "17", ...names: string[]) =>
    home.bring(settings("shared", Object.fromEntries(names.map((name) => [name, postgresUrl({ version })]))));

  it("starts with empty data, reports once that the other data stays and how to get it back, and finds each again", async () => {
    const first = await bring("17", "orders");
    await keep(first.values, "ORDERS", "on 17");
    const newer = await bring("16", "orders");
    assert.deepEqual(newer.notes, [
      "the data of shared.orders stays with version 17 of postgres; version 16 starts empty. " +
        "Request version 17 again to get it back, or copy it with pg_dump",
    ]);
    assert.deepEqual(await kept(newer.values, "ORDERS"), []);
    assert.match(String((await queryUrl(newer.values["ORDERS"], "show server_version")).map((row) => JSON.stringify(row))), /"16\./);
    await keep(newer.values, "ORDERS", "on 16");
    assert.deepEqual((await bring("16", "orders")).notes, []);

    const { services } = await statusOf(home.folder);
    assert.deepEqual(
      services.map(({ name, status }) => [name, status]),
      [["postgres", "running"]],
    );
    assert.deepEqual((await readdir(path.join(home.folder, "servers/postgres"))).filter((name) => name.startsWith("data-")).toSorted(), [
      "data-16",
      "data-17",
    ]);
    const back = await bring("17", "orders");
    assert.deepEqual([back.notes, await kept(back.values, "ORDERS")], [[], ["on 17"]]);
    assert.equal(new URL(back.values["ORDERS"] ?? "").port, new URL(newer.values["ORDERS"] ?? "").port);
    assert.deepEqual(await kept((await bring("16", "orders")).values, "ORDERS"), ["on 16"]);
  });

  it("keeps a renamed setting's data in every version, and gives it to no other setting", async () => {
    const first = await bring("17", "orders");
    await keep(first.values, "ORDERS", "on 17");
    await bring("16", "orders");
    await home.bring(settings("shared", { sales: postgresUrl({ version: "16", formerly: ["shared.orders"] }) }));
    const both = await bring("16", "sales", "orders");
    await keep(both.values, "ORDERS", "of the new one");
    const back = await bring("17", "sales", "orders");
    assert.deepEqual([await kept(back.values, "SALES"), await kept(back.values, "ORDERS")], [["on 17"], []]);
  });

  it("disables the login of a removed setting in the data of each version", async () => {
    const first = await bring("17", "orders", "others");
    await bring("16", "orders", "others");
    await bring("16", "others");
    const back = await bring("17", "others");
    const { port } = new URL(back.values["OTHERS"] ?? "");
    await assert.rejects(queryUrl(Object.assign(new URL(first.values["ORDERS"] ?? ""), { port }).href, "select 1"), { code: "28000" });
    assert.ok(leasesIn((await readState(home.folder)) ?? { servers: {} }).every(({ open }) => !open));
  });
});

describe("a Redis server on this machine whose version changes", () => {
  let home: Home;
  beforeEach(async () => (home = await makeHome("version-test")));
  afterEach(() => home.clean());

  it("keeps its data in a newer version, and refuses an older one, which could not read it", async () => {
    const bring = (version: "7" | "9") => home.bring(settings("shared", { cache: redisUrl({ version }) }));
    const first = await bring("7");
    await keeping.redis.keep(first.values, "CACHE", "a value");
    const newer = await bring("9");
    assert.deepEqual([newer.notes, await keeping.redis.kept(newer.values, "CACHE")], [[], ["a value"]]);
    const { failed } = await bring("7");
    assert.deepEqual(
      failed.map(({ error }) => error.code),
      ["DATA_VERSION_MISMATCH"],
    );
  });
});

describe("a PostgreSQL server of a stack whose version changes", () => {
  let stack: LocalStack;
  beforeEach(async () => (stack = await makeStack("version")));
  afterEach(() => stack.clean());

  it("is updated with its leases, and a lease destroyed with its data is destroyed in the running version", async () => {
    const on = (version: string) => ({ name: "postgres", kind: "postgres", version });
    const inputs = (version: string) => ({
      environment: stack.environment,
      server: on(version),
      setting: "shared.orders",
      name: "shared_orders",
      options: { version },
      forceDestroy: true,
    });
    const query = ({ outputs }: typeof state, text: string) => sql(outputs as unknown as Parameters<typeof sql>[0], text);
    const own = await created(server, { environment: stack.environment, ...on("17") }, stack.context);
    const state = await created(lease, inputs("17"), stack.context);
    await query(state, "create table kept as select 1 as row");
    assert.deepEqual(server.replaces(own.inputs, { ...own.inputs, version: "16" }), []);
    const newer = await updated(server, own, { version: "16" }, stack.context);
    assert.match(newer.outputs.actualVersion, /^16\./);
    const moved = await updated(lease, state, inputs("16"), stack.context);
    assert.deepEqual([moved.outputs.login, stack.warnings.length], [state.outputs.login, 1]);
    assert.deepEqual(await lease.drifted?.(moved), []);

    await lease.remove(moved, stack.context);
    assert.deepEqual(
      leasesIn((await readState(stack.folder())) ?? { servers: {} }).map(({ id, data, disabled }) => [id, data, disabled]),
      [["shared.orders", "17", true]],
    );
    const again = await created(lease, inputs("17"), stack.context);
    assert.deepEqual(await query(again, "select row from kept"), [{ row: 1 }]);
  });
});
