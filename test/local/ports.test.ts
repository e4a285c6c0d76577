import assert from "node:assert/strict";
import { freePort, portBook } from "../../lib/local/ports";

describe("ports of servers", () => {
  const bookOf = (asked: Record<string, number>, recorded: Record<string, number> = {}) => {
    const chosen: Record<string, number> = {};
    const choose = async (server: string, port: number) => void (chosen[server] = port);
    const { portFor, reserve } = portBook({ recorded: async () => recorded, runningOn: async () => undefined, choose });
    reserve(asked);
    return { portFor: (server: string, port = asked[server]) => portFor(server, port), chosen };
  };

  it("are refused if two servers request the same one", async () => {
    const port = await freePort();
    const book = bookOf({ redis: port, postgres: port });
    await assert.rejects(book.portFor("redis"), {
      code: "PORT_TAKEN",
      message: new RegExp(`port ${port}, requested for redis, is already assigned to postgres`),
    });
    await assert.rejects(book.portFor("postgres"), { code: "PORT_TAKEN" });
    assert.deepEqual(book.chosen, {});
  });

  it("go to the server that requests them, not to their previous one", async () => {
    const port = await freePort();
    const book = bookOf({ redis: port }, { postgres: port });
    assert.notEqual(await book.portFor("postgres"), port);
    assert.equal(await book.portFor("redis"), port);
  });

  it("go to the first server that requests them, and are recorded at once", async () => {
    const port = await freePort();
    const book = bookOf({});
    assert.equal(await book.portFor("redis", port), port);
    assert.deepEqual(book.chosen, { redis: port });
    await assert.rejects(book.portFor("postgres", port), { code: "PORT_TAKEN", message: /is already assigned to redis/ });
  });

  it("are never ephemeral ports, which another program could take while the server is stopped", async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
    assert.equal(new Set(ports).size, 20);
    for (const port of ports) assert.ok(port >= 15_000 && port < 30_000, String(port));
  });
});
