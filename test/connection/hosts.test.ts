import assert from "node:assert/strict";
import * as fc from "fast-check";
import { mongodbProtocol } from "../../lib/connection/mongodb";
import { mysqlProtocol } from "../../lib/connection/mysql";
import { natsProtocol } from "../../lib/connection/nats";
import { parseUrl } from "../../lib/connection/parse";
import { postgresProtocol } from "../../lib/connection/postgres";
import type { Protocol } from "../../lib/connection/protocol";
import { redisProtocol } from "../../lib/connection/redis";
import { redisNodesProtocol } from "../../lib/connection/redis-nodes";
import { smtpProtocol } from "../../lib/connection/smtp";
import { credential, host, port, shortened } from "./samples";

type Row = readonly [url: string, hosts: readonly string[], more?: object];

const rows: readonly (readonly [Protocol<string | number | undefined>, readonly Row[]])[] = [
  [
    postgresProtocol,
    [
      ["postgresql://u@%2Fvar%2Frun%2Fpostgresql/shop", ["/var/run/postgresql 5432"], { username: "u", database: "shop" }],
      ["postgresql://%2Ftmp:6432/shop", ["/tmp 6432"]],
      ["postgresql://u:p@%40abstract/shop", ["@abstract 5432"]],
      ["postgresql:///shop?host=/var/run/postgresql", ["/var/run/postgresql 5432"]],
      ["postgresql:///shop?host=/run&port=6432&user=u&password=p%40", ["/run 6432"], { username: "u", password: "p@" }],
      ["postgresql://u:p@/shop?host=/cloudsql/project:region:instance", ["/cloudsql/project:region:instance 5432"], { username: "u" }],
      ["postgresql://u:p@localhost/shop?host=/var/run/postgresql/", ["/var/run/postgresql/ 5432"]],
      ["postgresql://a,b/shop", ["a 5432", "b 5432"]],
      ["postgresql://u:p@a:1,[::1]:2,c/shop?target_session_attrs=read-write", ["a 1", "::1 2", "c 5432"], { password: "p" }],
      ["postgresql:///shop?host=a,b&port=1,2", ["a 1", "b 2"]],
      ["postgresql:///shop?host=a,b&port=7", ["a 7", "b 7"]],
      ["postgresql+psycopg2://u:p@/shop?host=a:1&host=b:2", ["a 1", "b 2"]],
      ["postgresql+psycopg_async://u:p@db/shop", ["db 5432"], { scheme: "postgresql+psycopg_async" }],
      ["postgis://u:p@db/shop", ["db 5432"]],
      ["pgsql://u:p@db/shop", ["db 5432"]],
      ["ecto://u:p@db/shop", ["db 5432"]],
      ["timescale://u:p@db/shop", ["db 5432"]],
      ["pgx5://u:p@db/shop", ["db 5432"]],
      ["jdbc:postgresql://a:1,b/shop?user=us%40er&password=p%26%2B%20", ["a 1", "b 5432"], { username: "us@er", password: "p&+ " }],
      ["JDBC:postgresql://db/shop", ["db 5432"], { scheme: "jdbc:postgresql", username: "" }],
      ["r2dbc:postgresql://u:p@db/shop", ["db 5432"], { username: "u" }],
      ["prisma+postgres://localhost:51213/?api_key=key", ["localhost 51213"], { password: "key", database: "" }],
      ["prisma://accelerate.prisma-data.net/?api_key=key", ["accelerate.prisma-data.net 443"], { password: "key" }],
    ],
  ],
  [
    redisProtocol,
    [
      ["redis://cache?db=2", ["cache 6379"], { database: 2 }],
      ["redis://cache/2?db=2", ["cache 6379"], { database: 2 }],
      ["redis://cache/?db=0", ["cache 6379"], { database: 0 }],
      ["unix:///run/redis.sock", ["/run/redis.sock 6379"], { database: 0 }],
      ["unix://u:p@/run/redis.sock?db=3", ["/run/redis.sock 6379"], { database: 3, password: "p" }],
      ["redis+socket:///run/redis.sock?virtual_host=3", ["/run/redis.sock 6379"], { database: 3 }],
    ],
  ],
  [
    mysqlProtocol,
    [
      ["mysql://u:p@db", ["db 3306"], { database: "" }],
      ["mysql+aiomysql://u:p@db:1/shop", ["db 1"], { database: "shop" }],
      ["mariadb+pymysql://u:p@db/shop", ["db 3306"]],
      ["mysql2://u:p@db/my_shop-1", ["db 3306"], { database: "my_shop-1" }],
      ["jdbc:mysql://a,b/shop?user=u&password=p", ["a 3306", "b 3306"], { username: "u", password: "p" }],
      ["mysql://u:p@localhost/shop?socket=/run/mysqld.sock", ["/run/mysqld.sock 3306"]],
      ["mysql+pymysql://u:p@localhost/shop?unix_socket=/run/mysqld.sock", ["/run/mysqld.sock 3306"]],
    ],
  ],
  [
    mongodbProtocol,
    [
      ["mongodb://u:p@a,b:2/shop?replicaSet=rs", ["a 27017", "b 2"], { database: "shop" }],
      ["mongodb+srv://u:p@cluster0.example.mongodb.net", ["cluster0.example.mongodb.net 27017"], { database: "" }],
      ["mongodb://%2Ftmp%2Fmongodb-27017.sock/shop", ["/tmp/mongodb-27017.sock 27017"]],
    ],
  ],
  [
    natsProtocol,
    [
      ["nats://u:p@a,b:2", ["a 4222", "b 2"], { username: "u" }],
      ["nats://u:p@a:1,nats://u:p@b:2", ["a 1", "b 2"], { password: "p" }],
      ["nats://a:1/,nats://b:2/", ["a 1", "b 2"]],
      ["nats://token@a", ["a 4222"], { username: "", password: "token" }],
      ["localhost:4222", ["localhost 4222"], { scheme: "nats" }],
      ["wss://a", ["a 443"]],
    ],
  ],
  [
    redisNodesProtocol(6379),
    [
      ["a:26379,b:26379", ["a 26379", "b 26379"], { scheme: "redis" }],
      ["a,b;c", ["a 6379", "b 6379", "c 6379"]],
      ["sentinel://:p@a;sentinel://:p@b:1", ["a 26379", "b 1"], { password: "p" }],
      ["redis-sentinel://u:p@a:1,b/mymaster/2", ["a 1", "b 26379"], { username: "u" }],
      ["rediss://a:1/0,rediss://b:2/0", ["a 1", "b 2"], { scheme: "rediss" }],
      ["[::1]:1,[::2]:2", ["::1 1", "::2 2"]],
    ],
  ],
  [
    smtpProtocol,
    [
      ["smtp://mail", ["mail 587"]],
      ["smtps://me%40example.com:p@mail/", ["mail 465"], { username: "me@example.com" }],
      ["smtp+tls://mail:25", ["mail 25"]],
    ],
  ],
];

describe("the hosts of a URL", () => {
  for (const [protocol, table] of rows)
    for (const [url, hosts, more = {}] of table)
      it(`are read from ${url}`, () => {
        const { scheme, username, password, database, ...read } = fieldsOf(url, protocol);
        assert.deepEqual(
          read.hosts.map((one) => `${one.host} ${one.port}`),
          hosts,
        );
        const found = { scheme, username, password, database };
        assert.deepEqual({ ...found, ...more }, found);
      });

  it("are carried through", () => {
    const url = "postgresql://u:p@a:1,b:2/shop?target_session_attrs=read-write";
    const read = parseUrl(url, postgresProtocol);
    assert.equal(read.reveal(), url);
    assert.deepEqual([read.host, read.port], ["a", 1]);
    assert.throws(() => Object.assign(read.hosts[0] ?? {}, { host: "c" }), TypeError);
  });

  it("are read back from any list", () => {
    const node = fc.record({ host, port: fc.option(port, { nil: undefined }) });
    const written = (nodes: readonly { host: string; port: number | undefined }[]) =>
      nodes.map((one) => `${one.host.includes(":") ? `[${one.host}]` : one.host}${one.port === undefined ? "" : `:${one.port}`}`).join(",");
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: 5 }), credential, credential, (nodes, username, password) => {
        const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
        const read = parseUrl(`postgresql://${login}@${written(nodes)}/shop`, postgresProtocol);
        assert.deepEqual(
          [read.username, read.password.reveal(), read.hosts.map((one) => ({ ...one }))],
          [username, password, nodes.map((one) => ({ host: shortened(one.host), port: one.port ?? 5432 }))],
        );
      }),
      { numRuns: 500 },
    );
  });

  for (const [protocol, url, sentence] of [
    [mongodbProtocol, "mongodb+srv://a,b", /one host without a port/],
    [mongodbProtocol, "mongodb+srv://a:1", /one host without a port/],
    [mongodbProtocol, "mongodb+srv://u:p@a:27017/shop", /one host without a port/],
    [natsProtocol, "nats://a,tls://b", /different schemes/],
    [natsProtocol, "nats://u:p@a,nats://u:q@b", /different user names or passwords/],
    [natsProtocol, "nats://a/subject", /must not have a path/],
    [redisNodesProtocol(6379), "a,,b", /empty entry/],
    [redisNodesProtocol(6379), "mysql://a", /is a mysql:\/\/ URL, but this setting is a list of Redis nodes/],
    [smtpProtocol, "smtp://a,b", /has several hosts/],
    [mysqlProtocol, "u:p@tcp(db:3306)/shop", /is a DSN of Go's MySQL driver/],
    [mysqlProtocol, "mysql://u:p@db/shop?ssl-mode=maybe", /a value for ssl-mode/],
  ] as const)
    it(`are rejected in ${url}`, () => {
      assert.throws(() => parseUrl<string | number | undefined>(url, protocol), sentence);
    });
});

const fieldsOf = (url: string, protocol: Protocol<string | number | undefined>) => {
  const { scheme, hosts, username, password, database } = parseUrl(url, protocol);
  return { scheme, hosts, username, password: password.reveal(), database };
};
