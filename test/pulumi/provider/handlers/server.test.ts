import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { provisionedKinds } from "../../../../lib/kinds/provisioned";
import { readState } from "../../../../lib/local/state-files";
import { server } from "../../../../lib/pulumi/provider/handlers/server";
import { processesIn, statusOf, stopAll } from "../../../../lib/supervisor/client";
import { identify } from "../../../../lib/supervisor/processes";
import { checked, created, makeStack, updated, type LocalStack } from "../../../support/local-stack";
import { eventually, kill } from "../../../support/supervised";

describe("a server of a stack", () => {
  let stack: LocalStack;
  beforeEach(async () => (stack = await makeStack("server")));
  afterEach(() => stack.clean());

  const redis = (more: object = {}) => ({ environment: stack.environment, name: "redis-cache", kind: "redis", ...more });
  const ports = async () => {
    const servers = Object.entries((await readState(stack.folder()))?.servers ?? {});
    return Object.fromEntries(servers.flatMap(([name, { port }]) => (port === undefined ? [] : [[name, port]])));
  };
  const pidOf = async (name: string) => (await statusOf(stack.folder())).services.find((service) => service.name === name)?.pid;

  it("runs, is reused when created again, and is gone with its supervisor when removed", async () => {
    const state = await created(server, redis(), stack.context);
    assert.equal(state.id, path.join(stack.folder(), "servers/redis-cache"));
    assert.deepEqual([state.outputs.folder, state.outputs.host, state.outputs.running], [stack.folder(), "127.0.0.1", true]);
    assert.deepEqual(await server.drifted?.(state), []);
    const pid = await pidOf("redis-cache");

    assert.deepEqual(await created(server, redis(), stack.context), state);
    assert.equal(await pidOf("redis-cache"), pid);

    await server.remove(state, stack.context);
    await server.remove(state, stack.context);
    assert.deepEqual([(await statusOf(stack.folder())).supervisor, await processesIn(stack.folder())], ["none", []]);
    assert.ok(existsSync(state.id));
    assert.equal(await server.read(state), undefined);
  });

  it("leaves nothing when it is removed with its data", async () => {
    const state = await created(server, redis({ forceDestroy: true }), stack.context);
    await server.remove(state, stack.context);
    assert.equal(existsSync(path.dirname(stack.folder())), false);
    await server.remove(state, stack.context);
    assert.equal(existsSync(path.dirname(stack.folder())), false);
  });

  it("that was stopped is detected, and runs again on its port after an update", async () => {
    const state = await created(server, redis(), stack.context);
    await stopAll(stack.folder());
    assert.deepEqual(await server.drifted?.(state), ["running"]);
    const { outputs } = (await server.read(state)) ?? {};
    assert.deepEqual([outputs?.running, outputs?.port], [false, state.outputs.port]);
    assert.equal((await statusOf(stack.folder())).supervisor, "none");
    assert.deepEqual(await updated(server, state, {}, stack.context), state);
  });

  it("keeps its folder when the app's folder changes, and says so once", async () => {
    const state = await created(server, redis(), stack.context);
    const root = path.dirname(stack.root);
    const moved = await updated(server, state, { environment: { ...stack.environment, root } }, stack.context);
    assert.deepEqual([moved.id, moved.outputs], [state.id, state.outputs]);
    assert.equal(stack.warnings.length, 1);
    assert.ok(
      [stack.root, stack.folder(), `the one for ${root}`].every((text) => stack.warnings[0]?.includes(text)),
      stack.warnings[0],
    );
    await updated(server, moved, {}, stack.context);
    assert.equal(stack.warnings.length, 1);
  });

  it("is created again when its folder has vanished", async () => {
    const state = await created(server, redis(), stack.context);
    await stopAll(stack.folder());
    await rm(path.dirname(stack.folder()), { recursive: true });
    assert.deepEqual([await server.read(state), await server.drifted?.(state)], [undefined, ["running"]]);
    const again = await updated(server, state, {}, stack.context);
    assert.deepEqual([again.id, again.outputs.running, existsSync(again.id)], [state.id, true, true]);
  });

  it("is removed when its supervisor was killed, and the app's folder is gone", async () => {
    const state = await created(server, redis(), stack.context);
    const supervisor = identify((await statusOf(stack.folder())).pid ?? 0);
    assert.ok(supervisor);
    await kill(supervisor);
    await rename(stack.root, `${stack.root} moved`);
    assert.deepEqual(await server.drifted?.(state), []);
    await server.remove(state, stack.context);
    assert.deepEqual(await processesIn(stack.folder()), []);
  });

  it("keeps its folder and its process when it is renamed, which leaves nothing to delete under the old name", async () => {
    const state = await created(server, redis(), stack.context);
    const pid = await pidOf("redis-cache");
    const renamed = checked(server, redis({ name: "redis-sessions", formerly: ["redis-cache"] }));
    assert.deepEqual(server.replaces(state.inputs, renamed), []);
    assert.deepEqual(server.replaces(state.inputs, { ...renamed, formerly: [] }), ["name"]);

    const other = await created(server, renamed, stack.context);
    assert.equal(other.id, state.id);
    await server.remove(state, stack.context);
    assert.equal(await pidOf("redis-cache"), pid);
    await server.remove(other, stack.context);
    assert.deepEqual(await processesIn(stack.folder()), []);
  });

  it("is replaced in another environment, but not when the app's folder moves", () => {
    const before = checked(server, redis());
    const replaces = (environment: object) =>
      server.replaces(before, checked(server, redis({ environment: { ...stack.environment, ...environment } })));
    assert.deepEqual(
      [replaces({ root: "/elsewhere" }), replaces({ name: "dev-2" }), replaces({ project: "other" })],
      [[], ["environment"], ["environment"]],
    );
    assert.deepEqual(server.replaces(before, {}), []);
  });

  it("uses a requested port, and keeps it", async () => {
    const first = await created(server, redis(), stack.context);
    const other = redis({ name: "redis-other", port: first.outputs.port });
    await assert.rejects(created(server, other, stack.context), { code: "PORT_TAKEN" });
    await server.remove(first, stack.context);
    const asked = await created(server, other, stack.context);
    assert.equal(asked.outputs.port, first.outputs.port);
    assert.deepEqual(await ports(), { "redis-other": first.outputs.port });
  });

  it("leaves nothing behind when a start fails or is cancelled", async () => {
    const program = path.join(stack.root, "redis-server");
    await writeFile(
      program,
      '#!/bin/sh\n[ "$1" = --version ] && echo "Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64 build=0" && exit 0\nexec sleep 1000\n',
    );
    await chmod(program, 0o755);
    const controller = new AbortController();
    const start = created(server, redis({ program }), stack.endedBy(controller.signal));
    await eventually("the process runs", async () => pidOf("redis-cache"));
    controller.abort(new Error("cancelled"));
    await assert.rejects(start);
    assert.deepEqual(
      [await processesIn(path.join(stack.folder(), "servers")), existsSync(path.join(stack.folder(), "servers/redis-cache"))],
      [[], false],
    );
    assert.deepEqual(await ports(), {});

    await writeFile(
      program,
      '#!/bin/sh\n[ "$1" = --version ] && echo "Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64 build=0" && exit 0\nexit 3\n',
    );
    await assert.rejects(created(server, redis({ program }), stack.context), { code: "SERVER_FAILED" });
    assert.deepEqual(await ports(), {});
  });

  it("can be imported by its folder", async () => {
    const state = await created(server, redis(), stack.context);
    const {
      outputs: { source: _, ...outputs },
      ...found
    } = (await server.read({ id: state.id })) ?? assert.fail("it is not found");
    const { source: __, ...expected } = state.outputs;
    assert.deepEqual(
      [found, outputs],
      [
        { id: state.id, inputs: { environment: stack.environment, name: "redis-cache", kind: "redis", formerly: [], forceDestroy: false } },
        expected,
      ],
    );
    assert.equal(await server.read({ id: path.join(stack.folder(), "servers/none") }), undefined);
  });

  it("rejects an unknown kind, and a missing app folder", async () => {
    assert.throws(() => checked(server, redis({ kind: "oracle" })), new RegExp(`must be one of ${provisionedKinds.names.join(", ")}`));
    const lost = redis({ environment: { ...stack.environment, root: path.join(stack.root, "none") } });
    await assert.rejects(created(server, lost, stack.context), { code: "APP_FOLDER_NOT_FOUND" });
  });
});
