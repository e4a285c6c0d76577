import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { rootCertificates } from "node:tls";
import * as fc from "fast-check";
import { mongodbProtocol } from "../../lib/connection/mongodb";
import { mysqlProtocol } from "../../lib/connection/mysql";
import { parseUrl } from "../../lib/connection/parse";
import { formatPostgresUrl, postgresProtocol } from "../../lib/connection/postgres";
import { formatRedisUrl } from "../../lib/connection/redis";
import type { Tls } from "../../lib/connection/tls";
import { pythonWith, startPython, type PythonProcess } from "../support/python";
import { packages, program } from "./python-clients";
import { credential, databaseName, host, mode, port, shortened } from "./samples";

const RUNS = { numRuns: 300 };

interface Read {
  readonly host: string;
  readonly port: number;
  readonly database: string | number;
  readonly username: string;
  readonly password: string;
  readonly mode?: Tls["mode"];
  readonly ca?: string | null;
  readonly settings?: unknown;
}

const login = { host, port, username: credential, password: credential };
const postgresFields = fc.record({ ...login, database: databaseName });
const redisFields = fc.record({ ...login, database: fc.integer({ min: 0, max: 65_535 }) });

const assertRead = (actual: Read, expected: Omit<Read, "mode" | "ca">) => {
  const { host, port, database, username, password } = actual;
  assert.deepEqual({ host, port, database, username, password }, { ...expected, host: shortened(expected.host) });
};

describe("Python's client libraries", () => {
  let python: PythonProcess;
  let folder: string;
  let ca: string;

  before(async function () {
    const interpreter = await pythonWith(packages);
    if (interpreter === undefined) this.skip();
    python = startPython(interpreter, program);
    folder = await mkdtemp(path.join(os.tmpdir(), "endow-python-"));
    ca = path.join(folder, "root ca+ü&=%41#.pem");
    await writeFile(ca, rootCertificates[0] ?? "");
  });
  after(async () => {
    await python?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const read = (client: string, url: string) => python.ask({ client, url }) as Promise<Read>;
  for (const [client, scheme] of [
    ["sqlalchemy", "postgresql"],
    ["sqlalchemy", "postgresql+psycopg"],
    ["sqlalchemy", "postgresql+psycopg2"],
    ["sqlalchemy", "postgresql+psycopg_async"],
    ["sqlalchemy", "postgresql+pg8000"],
    ["sqlalchemy+asyncpg", "postgresql+asyncpg"],
    ["asyncpg", "postgresql"],
    ["libpq", "postgresql"],
    ["dj-database-url", "postgres"],
    ["dj-database-url", "postgis"],
    ["dj-database-url", "pgsql"],
    ["dj-database-url", "timescale"],
    ["PostgresDsn", "postgresql"],
    ["PostgresDsn", "postgresql+asyncpg"],
  ] as const) {
    it(`parse ${scheme} URLs back to their fields: ${client}`, async () => {
      await fc.assert(
        fc.asyncProperty(postgresFields, async (fields) => {
          assertRead(await read(client, formatPostgresUrl({ ...fields, tls: { mode: "off" } }, scheme)), fields);
        }),
        RUNS,
      );
    });
  }

  for (const [client, scheme] of [
    ["redis-py", "redis"],
    ["valkey-py", "valkey"],
    ["RedisDsn", "redis"],
  ] as const) {
    it(`parse ${scheme} URLs back to their fields: ${client}`, async () => {
      await fc.assert(
        fc.asyncProperty(redisFields, mode, async (fields, mode) => {
          const actual = await read(client, formatRedisUrl({ ...fields, tls: { mode } }, scheme));
          assertRead({ ...actual, database: Number(actual.database) }, fields);
          if (client !== "RedisDsn") assert.equal(actual.mode, mode);
        }),
        RUNS,
      );
    });
  }

  it("apply the TLS words of a MySQL URL", async () => {
    for (const query of [
      "",
      `?ssl_ca=${encodeURIComponent(ca)}`,
      `?ssl_ca=${encodeURIComponent(ca)}&ssl_check_hostname=false`,
      `?ssl_ca=${encodeURIComponent(ca)}&ssl_verify_cert=true&ssl_verify_identity=true`,
      "?ssl_verify_cert=true",
      "?ssl_verify_cert=false",
    ]) {
      const url = `mysql+pymysql://app:p%40ss@db:3307/shop${query}`;
      const { host, port, database, username, password, tls } = parseUrl(url, mysqlProtocol);
      const actual = await read("sqlalchemy+pymysql", url);
      assertRead(actual, { host, port, database, username, password: password.reveal() });
      // What is verified without the host is no more than encryption.
      assert.equal(String(actual.mode) === "verify-ca" ? "require" : actual.mode, tls.mode, query);
    }
  });

  const node = fc.record({ host, port: fc.option(port, { nil: undefined }) });
  for (const [client, start, protocol] of [
    ["libpq-hosts", "postgresql", postgresProtocol],
    ["pymongo", "mongodb", mongodbProtocol],
  ] as const) {
    it(`read the same lists of hosts: ${client}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(node, { minLength: 1, maxLength: 4 }), credential, credential, async (nodes, username, password) => {
          const list = nodes.map(
            (one) => `${one.host.includes(":") ? `[${one.host}]` : one.host}${one.port === undefined ? "" : `:${one.port}`}`,
          );
          const url = `${start}://${encodeURIComponent(username)}:${encodeURIComponent(password)}@${list.join(",")}/shop`;
          const ours = parseUrl<string>(url, protocol);
          const theirs = (await python.ask({ client, url })) as { hosts: [string, number][]; username: string; password: string };
          assert.deepEqual([theirs.username, theirs.password], [ours.username, ours.password.reveal()]);
          assert.deepEqual(
            theirs.hosts.map(([host, port]) => ({ host: shortened(host.toLowerCase()), port })),
            ours.hosts.map(({ host, port }) => ({ host: host.toLowerCase(), port })),
          );
        }),
        RUNS,
      );
    });
  }

  for (const url of [
    "postgresql://u@%2Fvar%2Frun%2Fpostgresql/shop",
    "postgresql:///shop?host=/run&port=6432&user=u&password=p%40",
    "postgresql://u:p@%2Ftmp:6432,db/shop?target_session_attrs=any",
    "postgresql:///shop?host=a,b&port=1,2",
  ]) {
    it(`read the same sockets and hosts: ${url}`, async () => {
      const ours = parseUrl(url, postgresProtocol);
      assert.deepEqual(await python.ask({ client: "libpq-hosts", url }), {
        hosts: ours.hosts.map(({ host, port }) => [host, port]),
        username: ours.username || null,
        password: ours.password.reveal() || null,
      });
    });
  }

  const given = { host: "db", port: 5432, username: "app", password: "word" };
  const postgresUrl = (tls: Tls, scheme = "postgresql") => formatPostgresUrl({ ...given, database: "shop", tls }, scheme);

  for (const tls of ["off", "require", "verify-full"] as const) {
    it(`apply the TLS mode: ${tls}`, async () => {
      assert.equal((await read("libpq", postgresUrl({ mode: tls }))).mode, tls);
      assert.equal((await read("sqlalchemy+asyncpg", postgresUrl({ mode: tls }, "postgresql+asyncpg"))).mode, tls);
    });
  }

  it("accept any path of a CA file", async () => {
    const url = postgresUrl({ mode: "verify-full", ca });
    const [libpq, asyncpg] = [await read("libpq", url), await read("asyncpg", url)];
    assert.deepEqual([libpq.mode, libpq.ca], ["verify-full", ca]);
    assert.deepEqual([asyncpg.mode, asyncpg.settings], ["verify-full", null]);
  });

  it("accept the path of a Redis CA file", async () => {
    const tls = { mode: "verify-full", ca: "/etc/root ca+ü&=#.pem" } as const;
    for (const [client, scheme] of [
      ["redis-py", "redis"],
      ["valkey-py", "valkey"],
    ] as const) {
      assert.equal((await read(client, formatRedisUrl({ ...given, database: 0, tls }, scheme))).ca, tls.ca);
    }
  });

  it("would reject the parameters that are omitted for asyncpg", async () => {
    await assert.rejects(
      read("sqlalchemy+asyncpg", postgresUrl({ mode: "require" }, "postgresql+psycopg").replace("psycopg", "asyncpg")),
      /sslmode/,
    );
    await assert.rejects(read("libpq", `${postgresUrl({ mode: "require" })}&uselibpqcompat=true`), /uselibpqcompat/);
  });
});
