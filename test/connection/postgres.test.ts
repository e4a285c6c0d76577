import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { rootCertificates } from "node:tls";
import * as fc from "fast-check";
import { Client } from "pg";
import { parse } from "pg-connection-string";
import { paramsProblem } from "../../lib/connection/format";
import type { Tls } from "../../lib/connection/tls";
import { parseUrl } from "../../lib/connection/parse";
import { formatPostgresUrl, postgresProtocol, type PostgresFields } from "../../lib/connection/postgres";
import { credential, databaseName, host, mode, port, shortened } from "./samples";

const fields = fc.record({
  host,
  port,
  database: databaseName,
  username: credential,
  password: credential,
  tls: fc.record({ mode }, { noNullPrototype: true }),
}) satisfies fc.Arbitrary<PostgresFields>;

const given: PostgresFields = { host: "db", port: 5432, database: "shop", username: "app", password: "p@ss", tls: { mode: "off" } };

/** Schemes that can state every TLS mode. */
const SCHEMES = [
  "postgres",
  "postgresql",
  "postgresql+psycopg",
  "postgresql+psycopg_async",
  "postgresql+asyncpg",
  "postgis",
  "pgsql",
  "pgx5",
  "jdbc:postgresql",
  "r2dbc:postgresql",
];

describe("a PostgreSQL URL", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "endow-url-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("parses back to its fields", () => {
    fc.assert(
      fc.property(fields, fc.constantFrom(...SCHEMES), (fields, scheme) => {
        const url = formatPostgresUrl(fields, scheme);
        const read = parseUrl(url, postgresProtocol);
        assert.deepEqual(
          { ...fields, host: read.host, password: read.password.reveal(), tls: { ...read.tls }, scheme: read.scheme },
          { ...fields, host: shortened(fields.host), scheme },
        );
        assert.deepEqual([read.port, read.database, read.username], [fields.port, fields.database, fields.username]);
        assert.equal(read.reveal(), url);
      }),
      { numRuns: 500 },
    );
  });

  it("is parsed the same by pg-connection-string and pg", () => {
    fc.assert(
      fc.property(fields, (fields) => {
        const url = formatPostgresUrl({ ...fields, tls: { mode: "off" } }, "postgresql");
        const expected = [shortened(fields.host), fields.database, fields.username, fields.password];
        const parsed = parse(url);
        assert.deepEqual([parsed.host, parsed.database, parsed.user, parsed.password], expected);
        const client = new Client({ connectionString: url });
        assert.deepEqual([client.host, client.database, client.user, client.password], expected);
        assert.equal(client.port, fields.port);
      }),
      { numRuns: 500 },
    );
  });

  it("makes pg encrypt and verify with verify-full, and not with off", () => {
    assert.equal(parse(formatPostgresUrl(given, "postgresql")).ssl, undefined);
    assert.deepEqual({ ...(parse(formatPostgresUrl({ ...given, tls: { mode: "verify-full" } }, "postgresql")).ssl as object) }, {});
  });

  it("passes the CA file to pg, whatever its path", async () => {
    const ca = path.join(folder, "root ca+ü&=%41#.pem");
    await writeFile(ca, rootCertificates[0] ?? "");
    const url = formatPostgresUrl({ ...given, tls: { mode: "verify-full", ca } }, "postgresql");
    assert.equal((parse(url).ssl as { ca: string }).ca, rootCertificates[0]);
    assert.deepEqual({ ...parseUrl(url, postgresProtocol).tls }, { mode: "verify-full", ca });
  });

  it("uses the parameters of each driver", () => {
    const tls = { mode: "verify-full" } as const;
    const query = (scheme: string, ca?: string) =>
      /\?.*/.exec(formatPostgresUrl({ ...given, tls: { ...tls, ...(ca !== undefined && { ca }) } }, scheme))?.[0];
    assert.equal(query("postgresql"), "?sslmode=verify-full");
    assert.equal(query("postgresql+psycopg", "/ca.pem"), "?sslmode=verify-full&sslrootcert=%2Fca.pem");
    assert.equal(query("postgresql+asyncpg"), "?ssl=verify-full");
    assert.equal(query("jdbc:postgresql", "/ca.pem"), "?user=app&password=p%40ss&sslmode=verify-full&sslrootcert=%2Fca.pem");
    assert.equal(query("r2dbc:postgresql", "/ca.pem"), "?sslMode=verify-full&sslRootCert=%2Fca.pem");
    const ecto = formatPostgresUrl({ ...given, tls: { mode: "require" } }, "ecto");
    assert.equal(ecto, "ecto://app:p%40ss@db:5432/shop?ssl=true");
  });

  it("has the parameters that the user adds, even for TLS if the server has none", () => {
    const added = (params: Record<string, string>, mode: Tls["mode"] = "off") =>
      formatPostgresUrl({ ...given, tls: { mode } }, "postgres", params);
    assert.equal(added({ sslmode: "disable" }), "postgres://app:p%40ss@db:5432/shop?sslmode=disable");
    assert.equal(
      added({ schema: "public", x: "a b&" }, "require"),
      "postgres://app:p%40ss@db:5432/shop?sslmode=require&schema=public&x=a%20b%26",
    );
    assert.equal(added({ sslmode: "verify-full" }, "require"), "postgres://app:p%40ss@db:5432/shop?sslmode=verify-full");
    for (const sslmode of ["disable", "prefer", "require"])
      assert.throws(() => added({ sslmode }, "verify-full"), { code: "CONNECTION_FIELD_INVALID", message: /weaker TLS than the server's/ });
  });

  it("cannot have parameters that would point elsewhere or mean nothing", () => {
    const problem = (params: Record<string, string>) => paramsProblem(params, postgresProtocol, "postgres");
    assert.equal(problem({ sslmode: "disable", schema: "public" }), undefined);
    assert.equal(problem({ host: "elsewhere" }), "must not set host, which belongs before the query");
    assert.match(problem({ sslmode: "always" }) ?? "", /sslmode/);
  });

  for (const [what, wrong, scheme] of [
    ["a database name with a space", { database: "my shop" }, "postgresql"],
    ["an empty database name", { database: "" }, "postgresql"],
    ["a database name of 64 characters", { database: "a".repeat(64) }, "postgresql"],
    ["a CA file for asyncpg", { tls: { mode: "verify-full", ca: "/ca.pem" } }, "postgresql+asyncpg"],
    ["TLS for pg8000", { tls: { mode: "require" } }, "postgresql+pg8000"],
    ["a verified certificate for Ecto", { tls: { mode: "verify-full" } }, "ecto"],
    ["a CA file for Ecto", { tls: { mode: "require", ca: "/ca.pem" } }, "ecto"],
  ] as const) {
    it(`cannot be formatted for ${what}`, () => {
      assert.throws(() => formatPostgresUrl({ ...given, ...wrong }, scheme), { code: "CONNECTION_FIELD_INVALID" });
    });
  }
});
