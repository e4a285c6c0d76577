import assert from "node:assert/strict";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import type { Redis } from "ioredis";
import type { RedisFields } from "../../lib/connection/redis";
import { redis, type RedisLeaseOptions } from "../../lib/local/redis";
import { wholeLifeAsNobody } from "../support/as-nobody";
import { quiet, testServer, type TestServer } from "../support/local-server";
import { assertSecretsOnlyIn } from "../support/no-secrets";
import { withRedis } from "../support/redis-client";
import { runService } from "../support/run-service";

const options: RedisLeaseOptions = { scheme: "redis" };
const request = { id: "shared.redisUrl", name: "shared_redis_url", options };

type Login = { readonly port: number; readonly username?: string; readonly password?: string };

/** Runs `work` over its own connection. */
const connected = <T>({ port, username, password }: Login, work: (client: Redis) => Promise<T>): Promise<T> =>
  withRedis({ port, ...(username !== undefined && { username }), ...(password !== undefined && { password }) }, work);

const loginOf = ({ port, username, password }: RedisFields): Login => ({ port, username, password });

for (const version of ["7", "9"] as const) {
  describe(`a Redis setting on this machine, version ${version}`, () => {
    let test: TestServer;
    let fields: RedisFields;

    before(async () => {
      test = await testServer("redis", redis, version);
      await test.start();
      fields = await redis.lease(test.server, request);
    });

    after(() => test?.remove());

    const asApp = <T>(work: (client: Redis) => Promise<T>) => connected(loginOf(fields), work);

    it("has a server of the requested version", async () => {
      assert.match(await asApp((client) => client.info("server")), new RegExp(`(redis|valkey)_version:${version}\\.`));
      assert.equal(fields.host, "127.0.0.1");
      assert.deepEqual(fields.tls, { mode: "off" });
      assert.match(fields.password, /^[A-Za-z0-9]{40}$/);
    });

    it("lets the app use every key, database and channel of its server, and scripts", async () => {
      await asApp(async (client) => {
        assert.equal(await client.set("any key", "value"), "OK");
        assert.equal(await client.eval("return redis.call('get', KEYS[1])", 1, "any key"), "value");
        assert.deepEqual(await client.keys("*"), ["any key"]);
        assert.equal(await client.publish("any channel", "x"), 0);
        await client.select(3);
        assert.equal(await client.get("any key"), null);
        assert.equal(await client.flushdb(), "OK");
        assert.match(String(await client.client("LIST")), /user=shared_redis_url/);
      });
    });

    it("denies the app every administrative command", async () => {
      const refused = [
        ["CONFIG", "GET", "*"],
        ["CONFIG", "SET", "dir", "/tmp"],
        ["ACL", "LIST"],
        ["ACL", "SETUSER", "intruder"],
        ["SHUTDOWN"],
        ["SAVE"],
        ["BGREWRITEAOF"],
        ["REPLICAOF", "127.0.0.1", "1"],
        ["MONITOR"],
        ["MODULE", "LIST"],
        ["MIGRATE", "127.0.0.1", "1", "key", "0", "1"],
        ["SLOWLOG", "GET"],
      ];
      await asApp(async (client) => {
        for (const [command = "", ...args] of refused)
          await assert.rejects(client.call(command, ...args), /NOPERM/, `${command} ${args.join(" ")}`);
        await assert.rejects(client.call("DEBUG", "SEGFAULT"), /not allowed|NOPERM/);
      });
    });

    it("rejects a wrong password, a missing one and the default user", async () => {
      const ping = (client: Redis) => client.ping();
      const { port } = fields;
      await assert.rejects(connected({ ...loginOf(fields), password: "wrong" }, ping), /WRONGPASS/);
      await assert.rejects(connected({ port }, ping), /NOAUTH/);
      await assert.rejects(connected({ port, username: "default", password: fields.password }, ping), /WRONGPASS/);
      await assert.rejects(connected({ port, password: "" }, ping), /NOAUTH/);
    });

    it("is ready only with the administrator's recorded password", async () => {
      await redis.ready(test.server);
      const stranger = { ...test.server, credentials: { ...test.server.credentials, get: () => Promise.resolve("wrong") } };
      await assert.rejects(redis.ready(stranger), (error: Error) => {
        assert.equal((error as { code?: string }).code, "PASSWORD_REFUSED");
        assert.ok(!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('"wrong"'));
        return true;
      });
    });

    it("does not change or end sessions when prepared and leased again", async () => {
      await asApp(async (client) => {
        const service = await redis.prepare(test.server);
        assert.deepEqual(await redis.prepare(test.server), service);
        assert.deepEqual(await redis.lease(test.server, request), fields);
        assert.equal(await client.ping(), "PONG");
      });
    });

    it("publishes the requested keyspace notifications, changes them while it is running, and keeps them across a restart", async () => {
      const leased = (keyspaceNotifications?: string) =>
        redis.lease(test.server, {
          ...request,
          options: { ...options, ...(keyspaceNotifications !== undefined && { keyspaceNotifications }) },
        });
      /** The events of two changes, on a connection that stays open while the option changes. */
      const eventsOf = async (subscriber: Redis): Promise<string[]> => {
        const events: string[] = [];
        subscriber.on("pmessage", (_pattern: string, channel: string, message: string) => events.push(`${channel} ${message}`));
        await asApp(async (client) => {
          await client.set("watched", "1");
          await client.lpush("a list", "1");
          await client.publish("done", "done");
        });
        while (!events.some((event) => event.startsWith("done"))) await once(subscriber, "pmessage");
        subscriber.removeAllListeners("pmessage");
        await asApp((client) => client.flushall());
        return events.filter((event) => !event.startsWith("done"));
      };
      await asApp(async (subscriber) => {
        await subscriber.psubscribe("__key*__:*", "done");
        assert.deepEqual(await eventsOf(subscriber), []);
        await leased("KE$");
        assert.deepEqual(await eventsOf(subscriber), ["__keyspace@0__:watched set", "__keyevent@0__:set watched"]);
        await leased("Kl");
        assert.deepEqual(await eventsOf(subscriber), ["__keyspace@0__:a list lpush"]);
        // All letters that the option accepts.
        await leased("KEAg$lshzxetdmn");
        await leased("Kl");
      });
      const service = await redis.prepare(test.server);
      await test.stop();
      await test.start();
      assert.deepEqual(await redis.prepare(test.server), service);
      await asApp(async (subscriber) => {
        await subscriber.psubscribe("__key*__:*", "done");
        assert.deepEqual(await eventsOf(subscriber), ["__keyspace@0__:a list lpush"]);
        await leased();
        assert.deepEqual(await eventsOf(subscriber), []);
      });
    });

    it("keeps its data and its password across a restart and a crash", async () => {
      await asApp((client) => client.set("kept", "over a restart"));
      await test.stop();
      await test.start();
      assert.equal(await asApp((client) => client.get("kept")), "over a restart");
      await test.running().kill();
      await test.start();
      assert.equal(await asApp((client) => client.get("kept")), "over a restart");
    });

    it("exposes no passwords to other users, in the log, or in files other than its password file", async () => {
      const administrator = (await test.server.credentials.find("endow-administrator")) ?? "";
      assert.equal(administrator.length, 40);
      await assertSecretsOnlyIn(test, [fields.password, administrator], ["credentials.json"]);
    });

    it("does not share its server with a second setting, whose keys it could read", async () => {
      const second = { id: "shared.queueUrl", name: "shared_queue_url", options };
      await assert.rejects(redis.lease(test.server, second), { code: "SERVER_TAKEN" });
      await assert.rejects(redis.lease(test.server, { ...second, name: "default" }), { code: "NAME_RESERVED" });
    });

    it("ends its sessions and rejects its login when disabled, keeps its data, and is enabled again with the same password", async () => {
      await asApp(async (client) => {
        await client.set("kept", "while disabled");
        await redis.disable(test.server, request.name);
        await redis.disable(test.server, request.name);
        await assert.rejects(client.ping());
      });
      await assert.rejects(
        asApp((client) => client.ping()),
        /WRONGPASS/,
      );
      await test.stop();
      await test.start();
      await assert.rejects(
        asApp((client) => client.ping()),
        /WRONGPASS/,
        "also after a restart",
      );
      assert.deepEqual(await redis.lease(test.server, request), fields);
      assert.equal(await asApp((client) => client.get("kept")), "while disabled");
    });

    it("gets new passwords at the next start when they were lost, and keeps its data", async () => {
      await asApp((client) => client.set("kept", "without a password"));
      await test.stop();
      await rm(path.join(test.server.folder, "credentials.json"));
      const before = fields;
      await test.start();
      fields = await redis.lease(test.server, request);
      assert.notEqual(fields.password, before.password);
      assert.equal(await asApp((client) => client.get("kept")), "without a password");
      await assert.rejects(
        connected(loginOf(before), (client) => client.ping()),
        /WRONGPASS/,
      );
    });

    it("is restarted, as a changed service, when its passwords are lost while it is running", async () => {
      const before = await redis.prepare(test.server);
      const forgetful = { ...test.server, credentials: { ...test.server.credentials, get: () => Promise.resolve("another") } };
      assert.notDeepEqual((await redis.prepare(forgetful)).labels, before.labels);
      assert.deepEqual(await redis.prepare(test.server), before);
    });

    it("is dropped with its keys, its login and its password, including those on disk", async () => {
      await asApp((client) => client.set("kept", "until it is dropped"));
      await redis.drop(test.server, request.name);
      await redis.drop(test.server, request.name);
      await assert.rejects(
        asApp((client) => client.ping()),
        /WRONGPASS/,
      );
      assert.equal(await test.server.credentials.find(request.name), undefined);
      await test.stop();
      await test.start();
      const again = await redis.lease(test.server, request);
      assert.notEqual(again.password, fields.password);
      assert.equal(await connected(loginOf(again), (client) => client.dbsize()), 0);
    });
  });
}

describe("a Redis server", () => {
  it("exits and logs the reason when another program has taken its port", async () => {
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const test = await testServer("redis", redis);
    try {
      const address = stranger.address();
      assert.ok(typeof address === "object" && address !== null);
      const service = await redis.prepare({ ...test.server, port: address.port });
      const running = await runService(service);
      await running.ended;
      assert.match(await running.log(), /Address already in use/);
    } finally {
      stranger.close();
      await test.remove();
    }
  });

  it("works from start to finish as an ordinary user", async function () {
    assert.equal(await wholeLifeAsNobody(this, "redis", request), "done as 65534\n");
  });

  it("in an unavailable version is an error that lists the available versions", async () => {
    await assert.rejects(redis.program({ ...quiet, version: "6" }), {
      code: "SERVER_UNAVAILABLE",
      message: /fix: request version .*9\.1\.2/,
    });
  });
});
