import assert from "node:assert/strict";
import { loadSync, redisNodes, settings } from "../../lib/index";
import { errorOf } from "../support/errors";

const shared = settings("shared", { redisSentinels: redisNodes({ port: 26_379 }) });
const load = (text: string) => loadSync(shared, { env: { REDIS_SENTINELS: text } }).redisSentinels;

describe("the kind redisNodes", () => {
  it("accepts hosts and URLs", () => {
    assert.deepEqual(
      load("a,b:1").nodes.map((node) => ({ ...node })),
      [
        { host: "a", port: 26_379 },
        { host: "b", port: 1 },
      ],
    );
    const urls = load("rediss://:p%40ss@a:1,rediss://:p%40ss@b:2");
    assert.deepEqual([urls.password.reveal(), urls.tls.mode, urls.nodes.length], ["p@ss", "verify-full", 2]);
  });

  it("rejects text that is not a list of nodes, without quoting it", () => {
    assert.match(errorOf(() => load("a,,b")).message, /REDIS_SENTINELS has a list of hosts with an empty entry/);
    assert.match(errorOf(() => load("redis://:sesame@a,redis://:other@b")).message, /different user names or passwords/);
    assert.doesNotMatch(errorOf(() => load("redis://:sesame@a,redis://:other@b")).message, /sesame/);
  });
});
