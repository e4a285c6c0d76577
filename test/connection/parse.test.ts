import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as fc from "fast-check";
import type { EndowError } from "../../lib/errors";
import { parseUrl } from "../../lib/connection/parse";
import { postgresProtocol } from "../../lib/connection/postgres";
import { redisProtocol } from "../../lib/connection/redis";

const postgres = (text: string) => parseUrl(text, postgresProtocol);
const redis = (text: string) => parseUrl(text, redisProtocol);

describe("parsing a connection URL", () => {
  it("returns all its parts", () => {
    const url =
      "postgresql+asyncpg://us%40er:p%3Ass%20%C3%A9+@db.example.com:6432/shop?ssl=verify-full&sslrootcert=/etc/ca.pem&application_name=web";
    const read = postgres(url);
    assert.deepEqual(
      [read.scheme, read.host, read.port, read.database, read.username, read.password.reveal()],
      ["postgresql+asyncpg", "db.example.com", 6432, "shop", "us@er", "p:ss é+"],
    );
    assert.deepEqual({ ...read.tls }, { mode: "verify-full", ca: "/etc/ca.pem" });
    assert.equal(read.reveal(), url);
  });

  it("applies defaults for missing parts", () => {
    const database = postgres("postgres://[::1]/shop");
    assert.deepEqual([database.host, database.port, database.username, database.password.reveal()], ["::1", 5432, "", ""]);
    const cache = redis("redis://cache");
    assert.deepEqual([cache.port, cache.database, cache.tls.mode], [6379, 0, "off"]);
  });

  for (const text of [
    "POSTGRES://db/shop",
    "postgres://db:/shop",
    "postgres://user@db/shop",
    "postgres://:word@db/shop",
    "postgres://us:er:word@db/shop",
    "postgres://user:w\\o'r!d@10.0.0.1/shop",
    "postgresql://user:word@db_1.internal./my-Shop_1.2",
    "postgres://user:word@db/shop?pgbouncer=true&options=-c%20search_path%3Da",
    "postgres://user:word@db/shop?",
  ]) {
    it(`takes ${text}`, () => {
      assert.equal(postgres(text).reveal(), text);
    });
  }

  for (const [text, password] of [
    ["redis://:word@cache:6379", "word"],
    ["redis://default:word@cache/", "word"],
    ["rediss://cache:6380/15?socket_timeout=5", ""],
  ] as const) {
    it(`takes ${text}`, () => {
      assert.equal(redis(text).password.reveal(), password);
    });
  }

  it("accepts or rejects any text without throwing a foreign error", () => {
    const pieces = fc.constantFrom(
      "postgres",
      "://",
      ":",
      "@",
      "/",
      "?",
      "#",
      "%",
      "%4",
      "[",
      "]",
      "::1",
      "db",
      "5432",
      "shop",
      " ",
      "\0",
      "é",
      "\uD800",
      "=",
      "sslmode",
      "\\",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 16 }), (parts) => {
        const text = parts.join("");
        try {
          assert.equal(postgres(text).reveal(), text);
        } catch (error) {
          assert.equal((error as EndowError).code, "CONNECTION_URL_INVALID", inspect(error));
        }
      }),
      { numRuns: 5000 },
    );
  });
});
