import assert from "node:assert/strict";
import type { z } from "zod";
import { bindKind } from "../../lib/bound-kind";
import { fake, loadSync, postgresUrl, settings } from "../../lib/index";
import { postgresKind } from "../../lib/kinds/postgres";

const options = (given: z.input<ReturnType<typeof postgresKind.options>> = {}) => postgresKind.options().parse(given);
const fields = { host: "db", port: 5432, database: "shop", username: "app", password: "p@ss", tls: { mode: "off" } } as const;
const role = { owner: "owner", login: "app", verifier: "SCRAM-SHA-256$4096:salt$stored:server", database: "shop" };
const weaknesses = (url: string) => postgresKind.weaknesses(postgresKind.schema(options()).parse({ url }));
const statements = (steps: readonly { readonly run: string }[]) => steps.map(({ run }) => run);

describe("the kind postgres", () => {
  it("has defaults for all its options", () => {
    assert.deepEqual(options(), { version: "17", scheme: "postgresql", extensions: [] });
  });

  for (const [what, given] of [
    ["an unknown option", { size: "big" }],
    ["an unknown version", { version: "9" }],
    ["another protocol's scheme", { scheme: "mysql" }],
    ["a word for a boolean", { createDatabases: "yes" }],
    ["a scheme that only Prisma can make", { scheme: "prisma+postgres" }],
    ["a parameter that would lead elsewhere", { params: { host: "elsewhere" } }],
    ["a parameter with an unknown word", { params: { sslmode: "off" } }],
    ["a parameter without a value", { params: { sslmode: "" } }],
    ["a parameter that would end the query", { params: { "a&b": "c" } }],
    ["an extension's name that SQL would take apart", { extensions: ['x"; drop'] }],
  ] as const) {
    it(`rejects ${what}`, () => {
      assert.ok(!postgresKind.options().safeParse(given).success);
    });
  }

  it("uses the requested scheme and parses it back", () => {
    const asyncpg = options({ scheme: "postgresql+asyncpg" });
    const texts = bindKind(postgresKind, asyncpg).encode(fields);
    assert.deepEqual(texts, { url: "postgresql+asyncpg://app:p%40ss@db:5432/shop" });
    const value = postgresKind.schema(asyncpg).parse(texts);
    assert.deepEqual([value.host, value.port, value.database, value.password.reveal()], ["db", 5432, "shop", "p@ss"]);
  });

  it("has an example that parses, for every scheme", () => {
    for (const scheme of ["postgres", "postgresql+psycopg", "postgresql+psycopg_async", "ecto", "postgis"]) {
      const { databaseUrl } = fake(settings("shared", { databaseUrl: postgresUrl({ scheme }) }));
      assert.equal(databaseUrl.reveal(), `${scheme}://example:example@localhost:5432/example`);
    }
  });

  it("adds parameters to a provisioned URL", () => {
    const { databaseUrl } = fake(settings("shared", { databaseUrl: postgresUrl({ scheme: "postgres", params: { sslmode: "disable" } }) }));
    assert.equal(databaseUrl.reveal(), "postgres://example:example@localhost:5432/example?sslmode=disable");
  });

  it("reads and writes the parts of a scheme with the login in its query, and of a socket", () => {
    const jdbc = settings("shared", {
      databaseUrl: postgresUrl({ scheme: "jdbc:postgresql", variables: { host: "H", database: "D", username: "U", password: "P" } }),
    });
    const { databaseUrl } = loadSync(jdbc, { env: { H: "db", D: "shop", U: "us er", P: "p&+" } });
    assert.equal(databaseUrl.reveal(), "jdbc:postgresql://db:5432/shop?user=us%20er&password=p%26%2B");
    const socket = settings("shared", {
      databaseUrl: postgresUrl({ variables: { host: "H", database: "D", username: "U", password: "P" } }),
    });
    const found = loadSync(socket, { env: { H: "/run/postgresql", D: "shop", U: "u", P: "p" } }).databaseUrl;
    assert.deepEqual([found.host, found.reveal()], ["/run/postgresql", "postgresql://u:p@%2Frun%2Fpostgresql:5432/shop"]);
  });

  it("reports a placeholder password as weak, but not a missing one", () => {
    assert.deepEqual(weaknesses("postgres://app:changeme@db/shop"), ["has a password that looks like a placeholder or is easy to guess"]);
    assert.deepEqual(weaknesses("postgres://app:Zk3vq81LmX0p@db/shop"), []);
    assert.deepEqual(weaknesses("postgres://app@db/shop"), []);
  });

  it("shares a server between settings of one version", () => {
    assert.deepEqual(
      postgresKind.server(options({ version: "16", extensions: ["citext"] })),
      postgresKind.server(options({ version: "16" })),
    );
  });
});

describe("the role steps of postgres", () => {
  const { ensure, isolate, disable, drop } = postgresKind.role;

  it("create an owner without login, a login that acts as it, and its database, and reassign the login's own objects to the owner", () => {
    const steps = ensure(role, options({ extensions: ["uuid-ossp"] }));
    assert.deepEqual(statements(steps), [
      'create role "owner" nologin',
      'grant "owner" to current_user',
      'create role "app" login in role "owner"',
      `alter role "app" login password '${role.verifier}'`,
      'grant "owner" to "app"',
      'grant "app" to current_user',
      `alter role "app" set role 'owner'`,
      'create database "shop" owner "owner"',
      "select format('revoke connect on database %I from public', datname) from pg_database, " +
        "aclexplode(coalesce(datacl, acldefault('d', datdba))) where grantee = 0 and privilege_type = 'CONNECT' " +
        "and pg_get_userbyid(datdba) = 'owner'",
      'create extension if not exists "uuid-ossp"',
      'reassign owned by "app" to "owner"',
    ]);
    assert.deepEqual(
      steps.map(({ on }) => on),
      [...Array.from({ length: 9 }, () => "server"), "database", "database"],
    );
  });

  it("revoke access to the default databases on a dedicated server", () => {
    assert.deepEqual(statements(isolate()), [
      'revoke connect on database "postgres" from public',
      'revoke connect on database "template1" from public',
    ]);
  });

  it("quote identifiers and literals", () => {
    const steps = ensure({ owner: "own'er", login: `a"b'c`, verifier: "it's", database: `d"e'f` }, options());
    const made = (start: string) => steps.find(({ run }) => run.startsWith(start));
    assert.deepEqual(made(`create role "a""b'c"`), {
      on: "server",
      unless: `select 1 from pg_roles where rolname = 'a"b''c'`,
      run: `create role "a""b'c" login in role "own'er"`,
    });
    assert.ok(made(`alter role "a""b'c" login password 'it''s'`));
    assert.ok(made(`alter role "a""b'c" set role 'own''er'`));
    assert.equal(made("create database")?.run, `create database "d""e'f" owner "own'er"`);
    assert.equal(made("create database")?.unless, `select 1 from pg_database where datname = 'd"e''f'`);
  });

  it("disable a login before terminating its sessions, without losing data", () => {
    const [first, second, ...more] = statements(disable(role));
    assert.equal(first, 'alter role "app" nologin');
    assert.match(second ?? "", /^select pg_terminate_backend/);
    assert.deepEqual(more, []);
  });

  it("grant the owner the right to create databases and revoke it only where that is decided", () => {
    const createDatabases = (given: boolean) => statements(ensure(role, { ...options(), createDatabases: given }));
    const undecided = statements(ensure(role, options()));
    const added = (steps: readonly string[]) => steps.filter((step) => !undecided.includes(step));
    assert.deepEqual(
      added(createDatabases(true)).map((step) => step.slice(0, 60)),
      ["select format('alter role %I ', 'owner') || case when (selec", "select format('grant connect on database postgres to %I', 'o"],
    );
    assert.deepEqual(added(createDatabases(false)), ['alter role "owner" nocreatedb', 'revoke connect on database postgres from "owner"']);
  });

  it("drop the databases before the roles that own them", () => {
    assert.deepEqual(
      statements(drop(role)).map((statement) => statement.split("(")[0]),
      [
        'alter role "app" nologin',
        "select pg_terminate_backend",
        'drop database if exists "shop" with ',
        "select format",
        "select format",
        'drop role if exists "app"',
        'drop role if exists "owner"',
      ],
    );
  });
});
