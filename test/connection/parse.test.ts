import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { EndowError } from "../../lib/errors";
import { parseUrl } from "../../lib/connection/parse";
import { postgresProtocol } from "../../lib/connection/postgres";
import { redisProtocol } from "../../lib/connection/redis";
import { everythingIn } from "../support/errors";

const postgres = (text: string) => parseUrl(text, postgresProtocol);
const redis = (text: string) => parseUrl(text, redisProtocol);

/** The message of the only problem. */
const refusalOf = (parse: () => unknown): string => {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof EndowError, inspect(error));
    assert.equal(error.code, "CONNECTION_URL_INVALID");
    assert.equal(error.cause, undefined);
    assert.doesNotMatch(everythingIn(error), /sesame/i);
    return error.problems.map(({ message }) => message).join();
  }
  throw new assert.AssertionError({ message: "it was taken" });
};

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

  for (const [word, mode] of [
    ["sslmode=disable", "off"],
    ["sslmode=prefer", "off"],
    ["sslmode=require", "require"],
    ["sslmode=verify-ca", "require"],
    ["sslmode=verify-full", "verify-full"],
    ["sslmode=no-verify", "require"],
    ["ssl=true", "require"],
    ["sslmode=disable&sslmode=verify-full", "verify-full"],
  ] as const) {
    it(`reads ${word} as ${mode}`, () => {
      assert.equal(postgres(`postgres://db/shop?${word}`).tls.mode, mode);
    });
  }

  const refused: readonly [string, RegExp][] = [
    ["", /must not be empty/],
    ["sesame", /must start with postgresql:\/\/ or postgres:\/\//],
    ["mysql://u:sesame@db/shop", /must start with/],
    ["postgres:u:sesame@db/shop", /must start with/],
    ["postgres+://u:sesame@db/shop", /must start with/],
    [" postgres://u:sesame@db/shop", /leading or trailing white space/],
    ["postgres://u:sesame@db/shop\n", /leading or trailing white space/],
    ["postgres://u:sesame @db/shop", /white space or control/],
    ["postgres://u:se\nsame@db/shop", /white space or control/],
    ["postgres://u:sesame\0@db/shop", /white space or control/],
    ["postgres://u:sesame\uD800@db/shop", /white space or control/],
    ["postgres://u:sesame%@db/shop", /two hexadecimal digits/],
    ["postgres://u:sesame%zz@db/shop", /two hexadecimal digits/],
    ["postgres://u:sesame%FF@db/shop", /UTF-8/],
    ["postgres://u:sesame%00@db/shop", /without NUL/],
    ["postgres://u:sesame%ED%A0%80@db/shop", /UTF-8/],
    ["postgres://u:p#sesame@db/shop", /not contain #/],
    ["postgres://u:sesame@db/shop#fragment", /not contain #/],
    ["postgres://u:p@sesame@db/shop", /unencoded @/],
    ["postgres://u:sesame@/shop", /name a host/],
    ["postgres:///shop", /name a host/],
    ["postgres:///shop?host=/var/run/postgresql", /socket file/],
    ["postgres://u:sesame@%2Fvar%2Frun/shop", /socket file/],
    ["postgres://u:sesame@:5432/shop", /name a host/],
    ["postgres://u:sesame@a,b/shop", /one host/],
    ["postgres://u:sesame@a:1,b:2/shop", /one host/],
    ["postgres://u:sesame@::1/shop", /brackets/],
    ["postgres://u:sesame@[::1/shop", /brackets/],
    ["postgres://u:sesame@[fe80::1%25eth0]/shop", /DNS name/],
    ["postgres://u:sesame@[nonsense]/shop", /DNS name/],
    ["postgres://u:sesame@höst/shop", /DNS name/],
    ["postgres://u:sesame@db^/shop", /DNS name/],
    ["postgres://u:sesame@db:0/shop", /port from 1 to 65535/],
    ["postgres://u:sesame@db:65536/shop", /port from 1 to 65535/],
    ["postgres://u:sesame@db:54a/shop", /port from 1 to 65535/],
    ["postgres://u:sesame/word@db/shop", /port from 1 to 65535/],
    ["postgres://u:12/sesame@db/shop", /database name/],
    ["postgres://u:sesame?word@db/shop", /port from 1 to 65535/],
    ["postgres://u:sesame@db", /name a database/],
    ["postgres://u:sesame@db/", /name a database/],
    ["postgres://u:sesame@db?sslmode=require", /name a database/],
    ["postgres://u:sesame@db/shop/more", /database name/],
    [`postgres://u:sesame@db/${"a".repeat(64)}`, /database name/],
    ["postgres://u:sesame@db/a%2Fb", /database name/],
    ["postgres://u:sesame@db/shop?sslmode=always", /sslmode/],
    ["postgres://u:sesame@db/shop?sslmode=constructor", /sslmode/],
    ["postgres://u@db/shop?password=sesame", /must not set password/],
    ["postgres://u:sesame@db/shop?host=other", /must not set host/],
  ];
  for (const [text, sentence] of refused) {
    it(`rejects ${inspect(text)} without quoting it`, () => {
      assert.match(
        refusalOf(() => postgres(text)),
        sentence,
      );
    });
  }

  for (const [text, sentence] of [
    ["http://u:sesame@cache", /must start with redis:\/\//],
    ["redis:///0", /name a host/],
    ["redis://:sesame@cache/x", /database number/],
    ["redis://:sesame@cache/-1", /database number/],
    ["redis://:sesame@cache/65536", /database number/],
    ["redis://cache?db=2", /must not set db/],
  ] as const) {
    it(`rejects ${text} without quoting it`, () => {
      assert.match(
        refusalOf(() => redis(text)),
        sentence,
      );
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
