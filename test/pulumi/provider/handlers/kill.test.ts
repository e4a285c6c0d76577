import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../../../lib/local/ports";
import { handlers } from "../../../../lib/pulumi/provider/handlers";
import { processesIn } from "../../../../lib/supervisor/client";
import { created, makeStack, type LocalStack } from "../../../support/local-stack";

/** Runs a provider's step in a separate process, which can be killed. */
const PROGRAM = `
const { handlers } = require(process.argv[1]);
const context = { signal: new AbortController().signal, progress: () => {}, warn: () => {}, tell: () => {} };
const create = ([type, given]) => handlers[type].create(handlers[type].inputs.parse(given), context);
Promise.all(JSON.parse(process.argv[2]).map(create)).then(() => process.exit(0));
`;

describe("a provider that is killed during a step", () => {
  let stack: LocalStack;
  beforeEach(async () => (stack = await makeStack("kill")));
  afterEach(() => stack.clean());

  it("leaves a state that the next one can complete and delete entirely", async () => {
    const { environment, root } = stack;
    const server = { name: "redis-cache", kind: "redis" };
    const port = await freePort();
    const listen = `require("net").createServer().listen(process.env.PORT, "127.0.0.1")`;
    const given = [
      ["Server", { environment, ...server, forceDestroy: true }],
      ["Lease", { environment, server, setting: "shared.redisUrl", name: "shared_redis_url", options: {} }],
      ["Values", { environment, group: "shared", values: { A: "1" } }],
      ["Process", { environment, name: "web", command: [process.execPath, "-e", listen], cwd: root, port, variables: { A: "1" } }],
    ] as const;
    const place = require.resolve("../../../../lib/pulumi/provider/handlers");
    for (const moment of [60, 150, 220, 300, 400, 550]) {
      const child = spawn(process.execPath, ["-e", PROGRAM, place, JSON.stringify(given)], { stdio: "ignore" });
      const ended = once(child, "exit");
      await wait(moment);
      child.kill("SIGKILL");
      await ended;
    }
    const states = await Promise.all(
      given.map(async ([type, inputs]) => ({ type, state: await created(handlers[type], inputs, stack.context) })),
    );
    for (const { type, state } of states) assert.deepEqual(await handlers[type].drifted?.(state), [], type);
    for (const { type, state } of states.toReversed()) await handlers[type].remove(state, stack.context);
    assert.deepEqual([await processesIn(stack.folder()), existsSync(stack.folder())], [[], false]);
  });
});
