import assert from "node:assert/strict";
import { once } from "node:events";
import { chownSync, lstatSync } from "node:fs";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { statusOf } from "../../lib/supervisor/client";
import { connect } from "../../lib/supervisor/connection";
import { PROTOCOL } from "../../lib/supervisor/protocol";
import { skipUnless } from "../support/prerequisite";
import { type Home, makeHome } from "../support/supervised";

describe("a peer on the socket of a supervisor", () => {
  let home: Home;
  let server: Server | undefined;
  beforeEach(() => (home = makeHome()));
  afterEach(async () => {
    server?.close();
    await home.clean();
  });

  const socket = () => path.join(home.folder, "control.sock");
  /** Answers every call with the same bytes. */
  const answering = async (bytes: string | Buffer) => {
    server?.close();
    server = createServer((client) => {
      client.on("error", () => undefined);
      client.on("data", () => client.write(bytes));
    }).listen(socket());
    await once(server, "listening");
  };
  const welcome = (result: unknown) => `${JSON.stringify({ id: 1, result })}\n`;

  it("is a supervisor if it answers as one", async () => {
    await answering(welcome({ protocol: PROTOCOL, pid: 1 }));
    const connection = await connect(home.folder);
    assert.ok(typeof connection !== "string");
    connection.abort();
  });

  for (const [what, bytes] of Object.entries<string | Buffer>({
    null: "null\n",
    "a list": "[]\n",
    "a text": '"x"\n',
    "what is no JSON": "HTTP/1.1 400 Bad Request\r\n\r\n",
    "other bytes": Buffer.from([0, 255, 10, 13, 10]),
    "an answer without a result": '{"id":1}\n',
    "an answer of other types": '{"id":1,"error":null}\n',
    "an error of other types": '{"id":1,"error":{"code":1}}\n',
    "a welcome that is null": welcome(null),
    "a welcome of other types": welcome({ protocol: "2", pid: [] }),
    "a network of another type": welcome({ protocol: PROTOCOL, pid: 1, network: 7 }),
  }))
    it(`is not a supervisor if it answers with ${what}, and is replaced by one`, async () => {
      await answering(bytes);
      assert.equal(await connect(home.folder), "absent");
      assert.equal((await statusOf(home.folder)).supervisor, "none");
      const supervisor = await home.supervise();
      assert.deepEqual(await supervisor.status(), []);
    });

  it("is not a supervisor if it belongs to another user, and is replaced by one", async function () {
    skipUnless(this, process.getuid?.() === 0, "only root can give a socket to another user");
    await answering(welcome({ protocol: PROTOCOL, pid: 1 }));
    chownSync(socket(), 65_534, 65_534);
    assert.equal(await connect(home.folder), "absent");
    const supervisor = await home.supervise();
    assert.deepEqual(await supervisor.status(), []);
    assert.equal(lstatSync(socket()).uid, 0);
  });
});
