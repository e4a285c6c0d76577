import assert from "node:assert/strict";
import getPort from "get-port";
import { portBook } from "../../lib/local/ports";

describe("ports of servers", () => {
  const stopped = async () => undefined;

  it("asked for twice are refused to both", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const book = portBook({ redis: port, "postgres-17": port }, {}, stopped);
    await assert.rejects(book.portFor("redis"), {
      code: "PORT_TAKEN",
      message: new RegExp(`port ${port}, asked for redis, is that of postgres-17`),
    });
    await assert.rejects(book.portFor("postgres-17"), { code: "PORT_TAKEN" });
  });

  it("go to the server that they are asked for, not to the one that had them", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const book = portBook({ redis: port }, { "postgres-17": port }, stopped);
    assert.notEqual(await book.portFor("postgres-17"), port);
    assert.equal(await book.portFor("redis"), port);
  });
});
