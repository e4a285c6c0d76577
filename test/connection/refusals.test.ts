import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { inspect } from "node:util";
import { parseUrl } from "../../lib/connection/parse";
import { postgresProtocol } from "../../lib/connection/postgres";
import { redisProtocol } from "../../lib/connection/redis";
import { EndowError } from "../../lib/errors";
import { loadSync, postgresUrl, settings } from "../../lib/index";
import { errorOf, everythingIn } from "../support/errors";

/** The sentence, which follows the variable's name, and the fix of the only problem. */
const refusalOf = (parse: () => unknown): readonly [string, string] => {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof EndowError, inspect(error));
    assert.equal(error.code, "CONNECTION_URL_INVALID");
    assert.equal(error.cause, undefined);
    assert.doesNotMatch(everythingIn(error), /sesame/i);
    const [problem, ...more] = error.problems;
    assert.deepEqual(more, []);
    return [problem?.message ?? "", problem?.fix ?? ""];
  }
  throw new assert.AssertionError({ message: "it was accepted" });
};

const HOST = "has a host that is not a DNS name, an IPv4 address or an IPv6 address in brackets";
const DATABASE = "must have only a database name between the host and the query";
const PATTERN = /postgresql:\/\/USER:PASSWORD@HOST:5432\/DATABASE/;
const SLASH = "has an unencoded / in its user name or password";
const AT = "has an unencoded @ in its user name or password";
const QUOTES = "has quotes around it";
const REFERENCE = "contains an unexpanded ${...}";
const TEMPLATE = "contains a template that was not filled in, such as {{ name }}";
const PASSWORD = "has a placeholder where its password belongs";
const PLACEHOLDER = "has a placeholder where its host belongs";

/** An invalid text, its sentence, and a part of its fix. */
const postgres: readonly (readonly [text: string, sentence: string, fix: RegExp])[] = [
  ["", "must not be empty", /set it/],
  // How it was copied.
  ['"postgres://u:sesame@db/shop"', QUOTES, /docker --env-file/],
  ["'postgres://u:sesame@db/shop'", QUOTES, /remove the quotes/],
  ['"postgres://u:sesame@db/shop', QUOTES, /remove the quotes/],
  ["“postgres://u:sesame@db/shop”", QUOTES, /remove the quotes/],
  ["postgres://u:sesame@db/shop\r", "ends with a carriage return", /Unix line endings/],
  ["postgres://u:sesame@db/shop\n", "ends with a line break", /printf %s/],
  ["postgres://u:sesame@db/shop\r\n", "ends with a carriage return", /Unix line endings/],
  [" postgres://u:sesame@db/shop", "has white space before or after it", /remove/],
  ["postgres://u:sesame@db/shop\t", "has white space before or after it", /remove/],
  ["DATABASE_URL=postgres://u:sesame@db/shop", "starts with the name of a variable", /follows the =/],
  ['export DATABASE_URL="postgres://u:sesame@db/shop"', "starts with the name of a variable", /follows the =/],
  ["psql 'postgresql://u:sesame@db/shop'", "is a command", /only the URL/],
  ["host=db port=5432 user=u password=sesame dbname=shop", "is a keyword=value string, not a URL", PATTERN],
  ["Host=db;Username=u;Password=sesame;Database=shop", "is a keyword=value string, not a URL", PATTERN],
  ["postgres://u:${PGPASSWORD}@db/sesame", REFERENCE, /the value itself/],
  ["${{ secrets.SESAME }}", REFERENCE, /write the value itself/],
  ["postgres://u:$(SESAME)@db/shop", TEMPLATE, /%28/],
  ["postgres://u:{{ .Values.sesame }}@db/shop", TEMPLATE, /%7B/],
  ["postgres://u:sesame @db/shop", "contains a space", /%20/],
  ["postgres://u:se\nsame@db/shop", "contains a line break", /on one line/],
  ["postgres://u:sesame\0@db/shop", "contains white space, a control character or text that is not valid Unicode", /remove/],
  ["postgres://u:sesame\u00a0@db/shop", "contains white space, a control character or text that is not valid Unicode", /remove/],
  ["postgres://u:sesame\uD800@db/shop", "contains white space, a control character or text that is not valid Unicode", /remove/],
  // The scheme.
  ["mysql://u:sesame@db/shop", "is a mysql:// URL, but this setting is PostgreSQL", /mysqlUrl\(\)/],
  ["mysql+pymysql://u:sesame@db/shop", "is a mysql:// URL, but this setting is PostgreSQL", /mysqlUrl\(\)/],
  ["jdbc:mysql://db/shop?password=sesame", "is a jdbc:mysql:// URL, but this setting is PostgreSQL", /mysqlUrl\(\)/],
  ["mongodb+srv://u:sesame@db/shop", "is a mongodb:// URL, but this setting is PostgreSQL", /mongodbUrl\(\)/],
  ["rediss://u:sesame@db", "is a rediss:// URL, but this setting is PostgreSQL", /redisUrl\(\)/],
  ["https://db.example.com/sesame", "is an https:// URL, but this setting is PostgreSQL", /HTTP API/],
  ["sqlite:///sesame.db", "is a sqlite:// URL, but this setting is PostgreSQL", /a file is not a PostgreSQL server/],
  ["file:./sesame.db", "is a file: URL, but this setting is PostgreSQL", /remove the variable/],
  ["sqlserver://db:1433;password=sesame", "is a sqlserver:// URL, but this setting is PostgreSQL", PATTERN],
  ["amqp://u:sesame@queue", "is an amqp:// URL, but this setting is PostgreSQL", PATTERN],
  ["sesame://u@db/shop", "must start with postgresql:// or postgres://, with or without a +driver", PATTERN],
  ["postgress://u:sesame@db/shop", "must start with postgresql:// or postgres://, with or without a +driver", PATTERN],
  ["postgres+://u:sesame@db/shop", "must start with postgresql:// or postgres://, with or without a +driver", PATTERN],
  ["://u:sesame@db/shop", "must start with postgresql:// or postgres://, with or without a +driver", PATTERN],
  ["postgres:u:sesame@db/shop", 'must have "://" after its scheme', PATTERN],
  ["postgres:/u:sesame@db/shop", 'must have "://" after its scheme', PATTERN],
  ["localhost", "is a host, not a URL", PATTERN],
  ["localhost:5432", "is a host, not a URL", PATTERN],
  ["postgres:5432", "is a host, not a URL", PATTERN],
  ["[::1]:5432", "is a host, not a URL", PATTERN],
  ["sesame", "is a host, not a URL", PATTERN],
  ["u:sesame@db:5432/shop", "has no scheme", /start it with postgresql/],
  ["//u:sesame@db/shop", "has no scheme", /start it with postgresql/],
  ["localhost:5432/sesame", "has no scheme", /start it with postgresql/],
  // The user name and the password.
  ["postgres://u:sesame%@db/shop", "has a % without two hexadecimal digits after it", /%25/],
  ["postgres://u:sesame%zz@db/shop", "has a % without two hexadecimal digits after it", /%25/],
  ["postgres://u:sesame%FF@db/shop", "has percent-encoding that is not valid UTF-8 or contains NUL", /%C3%A9/],
  ["postgres://u:sesame%00@db/shop", "has percent-encoding that is not valid UTF-8 or contains NUL", /without NUL/],
  ["postgres://u:sesame%ED%A0%80@db/shop", "has percent-encoding that is not valid UTF-8 or contains NUL", /UTF-8/],
  ["postgres://u:p#sesame@db/shop", "has an unencoded # in its user name or password", /%23/],
  ["postgres://u:12#sesame@db:5432/shop", "has an unencoded # in its user name or password", /%23/],
  ["postgres://u:sesame@db/shop#fragment", "has a #, where clients end the URL", /remove it/],
  ["postgres://u:sesame/word@db/shop", SLASH, /%2F/],
  ["postgres://u:12/sesame@db/shop", SLASH, /%2F/],
  ["postgres://u:p@ss/sesame@db/shop", SLASH, /%40/],
  ["postgres://u:sesame?word@db/shop", "has an unencoded ? in its user name or password", /%3F/],
  ["postgres://u:12?sesame@db/shop", "has an unencoded ? in its user name or password", /%3F/],
  ["postgres://u:p@sesame@db/shop", AT, /%40/],
  ["postgres://me@sesame.com:word@db/shop", AT, /%40/],
  ["postgres://u:sesame@a,u:sesame@b/shop", "has a user name before more than one host", /before the first host/],
  ["postgres://u:<sesame>@db/shop", PASSWORD, /brackets/],
  ["postgresql://postgres.ref:[YOUR-PASSWORD]@db/shop", PASSWORD, /brackets/],
  ["postgresql://u:*****@db/shop", PASSWORD, /hide/],
  ["postgresql://<user>:sesame@db/shop", "has a placeholder where its user name belongs", /replace it/],
  ["jdbc:postgresql://u:sesame@db/shop", "must not have a user name before its host: JDBC drivers do not read it there", /\?user=/],
  // The host and the port.
  ["postgres://u:sesame@/shop", "must name a host", PATTERN],
  ["postgres:///shop", "must name a host", PATTERN],
  ["postgres://u:sesame@:5432/shop", "must name a host", PATTERN],
  ["postgres://USER:sesame@HOST:5432/DATABASE", PLACEHOLDER, /name or address/],
  ["postgres://u:sesame@<host>/shop", PLACEHOLDER, /name or address/],
  ["postgres://u:sesame@your-server.example.com/shop", PLACEHOLDER, /name or address/],
  ["postgres://u:sesame@a,,b/shop", "has a list of hosts with an empty entry", /comma/],
  ["postgres://u:sesame@::1/shop", "has an IPv6 address without brackets", /\[::1\]/],
  ["postgres://u:sesame@[::1/shop", "has an IPv6 address without brackets", /\[::1\]/],
  ["postgres://u:sesame@a:1:2/shop", "has more than a host and a port before its path", /%3A/],
  ["postgres://u:sesame@[fe80::1%25eth0]/shop", HOST, /name or address/],
  ["postgres://u:sesame@[nonsense]/shop", PLACEHOLDER, /name or address/],
  ["postgres://u:sesame@[127.0.0.1]:5432/shop", HOST, /name or address/],
  ["postgres://u:sesame@höst/shop", "has a host that is not ASCII", /xn--/],
  ["postgres://u:sesame@db^/shop", HOST, /name or address/],
  ["postgres://u:sesame@d%62/shop", HOST, /name or address/],
  ["postgres://u:sesame@db:0/shop", "has a port outside 1 to 65535", /listens/],
  ["postgres://u:sesame@db:65536/shop", "has a port outside 1 to 65535", /listens/],
  ["postgres://u:sesame@db:54a/shop", "has a port that is not a number", /number/],
  ["postgres://u:sesame@db:PORT/shop", "has a port that is not a number", /number/],
  // The database and the query.
  ["postgres://u:sesame@db", "must name a database after the host", /\/DATABASE/],
  ["postgres://u:sesame@db/", "must name a database after the host", /\/DATABASE/],
  ["postgres://u:sesame@db?sslmode=require", "must name a database after the host", /\/DATABASE/],
  ["postgres://u:sesame@db/shop/more", DATABASE, /one name/],
  [`postgres://u:sesame@db/${"a".repeat(64)}`, DATABASE, /63 characters/],
  ["postgres://u:sesame@db/a%2Fb", DATABASE, /one name/],
  ["postgres://u:sesame@db/shop?sslmode=always", "has a value for sslmode that clients do not recognize", /verify-full/],
  ["postgres://u:sesame@db/shop?sslmode=constructor", "has a value for sslmode that clients do not recognize", /verify-full/],
  ["postgres://u:sesame@db/shop?sslmode=require&sslaccept=maybe", "has a value for sslaccept that clients do not recognize", /strict/],
  ["postgres://u@db/shop?password=sesame", "must not set password in its query", /before the "\?"/],
  ["postgres://u:sesame@db/shop?host=other", "must not set host in its query", /before the "\?"/],
  ["postgres://u:sesame@localhost/shop?host=other", "must not set host in its query", /before the "\?"/],
  ["postgres://u:sesame@/shop?host=/run&user=other", "must not set user in its query", /before the "\?"/],
  ["postgres:///shop?host=db&port=sesame", "has a port that is not a number", /number/],
  ["prisma+postgres://localhost:51213/?sesame=1", "must have an api_key in its query", /Prisma/],
];

const redis: typeof postgres = [
  ["http://u:sesame@cache", "is an http:// URL, but this setting is Redis", /HTTP API/],
  ["postgres://u:sesame@cache/shop", "is a postgres:// URL, but this setting is Redis", /postgresUrl\(\)/],
  ["redis:///0", "must name a host", /redis:\/\/USER/],
  ["redis:6379", "is a host, not a URL", /redis:\/\/USER/],
  ["cache.sesame.com:6379,cache:6380", "has no scheme", /start it with redis/],
  ["redis://:sesame@a:6379,b:6380", "has several hosts", /redisNodes\(\)/],
  ["redis://:sesame@%2Frun%2Fredis.sock", "has a socket path as its host, which Redis clients do not accept", /localhost/],
  ["redis://:sesame@cache/x", "must have only a database number after the host", /number/],
  ["redis://:sesame@cache/-1", "must have only a database number after the host", /number/],
  ["redis://:sesame@cache/65536", "must have only a database number after the host", /number/],
  ["redis://:sesame@cache?db=one", "must have only a database number after the host", /number/],
  ["redis://:sesame@cache/1?db=2", "has two different database numbers, in its path and in its query", /disagree/],
  ["redis://cache?password=sesame", "must not set password in its query", /before the "\?"/],
  ["rediss://:sesame@cache?ssl_cert_reqs=yes", "has a value for ssl_cert_reqs that clients do not recognize", /required/],
  ["unix://cache/0", "must have a socket path", /unix:\/\/\/run/],
];

describe("a rejected URL", () => {
  for (const [text, sentence, fix] of postgres) {
    it(`for PostgreSQL ${sentence}: ${inspect(text)}`, () => {
      const [message, advice] = refusalOf(() => parseUrl(text, postgresProtocol));
      assert.equal(message, sentence);
      assert.match(advice, fix);
    });
  }

  for (const [text, sentence, fix] of redis) {
    it(`for Redis ${sentence}: ${inspect(text)}`, () => {
      const [message, advice] = refusalOf(() => parseUrl(text, redisProtocol));
      assert.equal(message, sentence);
      assert.match(advice, fix);
    });
  }

  it("is shown by load() with the same sentence after the variable's name", () => {
    const shared = settings("shared", { databaseUrl: postgresUrl() });
    const shown = postgres.flatMap(([text, sentence]) => {
      if (text === "") return [];
      const { problems } = errorOf(() => loadSync(shared, { env: { DATABASE_URL: text } }));
      return problems.map(({ message }) => message).join() === `DATABASE_URL ${sentence}` ? [] : [[sentence, problems[0]?.message]];
    });
    assert.deepEqual(shown, []);
  });

  it("has a sentence that the documentation quotes verbatim", async () => {
    const page = await readFile(path.resolve(__dirname, "../../../docs/connections.md"), "utf8");
    const [, table = ""] = page.split("## What is refused");
    const shown = Array.from(table.matchAll(/^\| .* \| ([^|]+) \|$/gm), ([, sentence = ""]) => sentence).slice(1);
    assert.ok(shown.length > 10);
    const said = new Set([...postgres, ...redis].map(([, sentence]) => sentence));
    assert.deepEqual(
      shown.filter((sentence) => !said.has(sentence)),
      [],
    );
  });
});
