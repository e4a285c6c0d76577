import assert from "node:assert/strict";
import { type Output, output, secret as pulumiSecret, Stash } from "@pulumi/pulumi";
import { bucket, postgresUrl, redisUrl, settings } from "../../lib";
import { local, onServer, Project, SettingsGroup, type AnyTarget, type LocalServerReference } from "../../lib/pulumi";
import type { MockEngineOptions } from "../support/mock-engine";
import { seen } from "../support/outputs";
import { cloud } from "./cloud";
import { APP_FOLDER, awaited, deployed, here, names, reasons, refused, valueOf } from "./harness";

const REMOTE_LEASE = "endow-local:index:RemoteLease";
const PASSWORD = "of-the-administrator";

const shop = settings("shop", {
  databaseUrl: postgresUrl({ formerly: ["old.databaseUrl"] }),
  cacheUrl: redisUrl(),
  uploads: bucket(),
});
const server: LocalServerReference = { host: "db.example", administrator: { username: "postgres", password: PASSWORD } };

/** The provider's outputs. */
const newResource: NonNullable<MockEngineOptions["newResource"]> = ({ type, inputs }) => {
  if (type !== REMOTE_LEASE) return undefined;
  const { name, server: at } = inputs as { readonly name: string; readonly server: { readonly host: string; readonly port: number } };
  const made = {
    host: at.host,
    port: at.port,
    database: name,
    username: name,
    password: pulumiSecret("made-for-the-setting"),
    tls: { mode: "off" },
  };
  return { outputs: { ...made, folder: "/f", login: name, owner: "o" } };
};

const group = (existing: object, target: AnyTarget = here()) => new SettingsGroup("shop", { group: shop, target, existing });

describe("a resource on an existing server", () => {
  it("is created there under its own name, without a new server", async () => {
    const { made, engine } = await deployed(() => group({ databaseUrl: onServer(server) }), { newResource });
    assert.deepEqual(
      names(engine).filter((name) => name.includes("endow-local:")),
      [
        "endow-local:index:Lease shop.cacheUrl",
        "endow-local:index:Lease shop.uploads",
        `${REMOTE_LEASE} shop.databaseUrl`,
        "endow-local:index:Server bucket",
        "endow-local:index:Server redis-shop-cache-url",
        "endow-local:index:Values shop",
      ],
    );
    const lease = engine.find(REMOTE_LEASE, "shop.databaseUrl");
    const { environment: _environment, administrator, ...inputs } = lease.inputs;
    const name = String(inputs["name"]);
    assert.match(name, /^s_shop_development_shop_database_url_[0-9a-f]{8}$/);
    assert.deepEqual(inputs, {
      server: { kind: "postgres", host: "db.example", port: 5432 },
      setting: "shop.databaseUrl",
      formerly: ["old.databaseUrl"],
      name,
      options: { version: "17", scheme: "postgresql", extensions: [] },
      forceDestroy: false,
    });
    assert.deepEqual(administrator, { username: "postgres", password: PASSWORD });
    assert.ok(lease.secretInputs.includes("administrator"));
    assert.deepEqual(lease.secretOutputs, ["password"]);
    assert.deepEqual(
      lease.aliases.map((alias) => alias.name),
      ["old.databaseUrl"],
    );
    const url = `postgresql://${name}:made-for-the-setting@db.example:5432/${name}`;
    assert.equal((await valueOf(made.env))["DATABASE_URL"], url);
    assert.deepEqual(await seen(made.outputs.databaseUrl.password), { value: "made-for-the-setting", isSecret: true, isKnown: true });
    assert.deepEqual(await seen(made.outputs.databaseUrl.host), { value: "db.example", isSecret: false, isKnown: true });
  });

  it("depends on the resources whose outputs describe the server, and passes them on unchanged", async () => {
    const { engine } = await deployed(
      () => {
        const database = new Stash("database", {
          input: { address: "made.example", port: 6432, password: pulumiSecret("of-the-database") },
        });
        const made = output(database.output) as Output<{ address: string; port: number; password: string }>;
        return group({
          databaseUrl: onServer({
            host: made.address,
            port: made.port,
            administrator: { username: "postgres", password: made.password, database: "defaultdb" },
            tls: { mode: "verify-full", ca: "/etc/ssl/db.pem" },
          }),
        });
      },
      { newResource },
    );
    const lease = engine.find(REMOTE_LEASE, "shop.databaseUrl");
    assert.deepEqual(lease.inputs["server"], {
      kind: "postgres",
      host: "made.example",
      port: 6432,
      tls: { mode: "verify-full", ca: "/etc/ssl/db.pem" },
    });
    assert.deepEqual(lease.inputs["administrator"], { username: "postgres", password: "of-the-database", database: "defaultdb" });
    assert.ok(awaited(lease).includes("pulumi:index:Stash database"));
  });

  it("is passed to a project by setting id, and deleted with its data where the target's options require it", async () => {
    const { made, engine } = await deployed(
      () =>
        new Project("shop", {
          groups: [shop],
          target: local({ root: APP_FOLDER, forceDestroy: true }),
          existing: { "shop.databaseUrl": onServer(server) },
          options: { shop: { settings: { databaseUrl: { protect: true } } } },
        }),
      { newResource },
    );
    assert.match(await valueOf(made.group(shop).outputs.databaseUrl.database), /^s_shop_/);
    const { protect, inputs } = engine.find(REMOTE_LEASE, "shop.databaseUrl");
    assert.deepEqual([protect, inputs["forceDestroy"]], [true, true]);
  });

  const wrong = (more: object) => ({ databaseUrl: onServer({ ...server, ...more }) });
  const refusals: Readonly<Record<string, readonly [given: object, ...reasons: RegExp[]]>> = {
    "without a host": [
      wrong({ host: undefined }),
      /^existing.shop.databaseUrl: onServer\(\) of "shop.databaseUrl" lacks host \(EXISTING_FIELD\); fix: pass it as/,
    ],
    "with a URL for a host": [wrong({ host: "postgres://db/x" }), /needs host to be a host name or an IP address \(EXISTING_FIELD\)/],
    "with a port that is none": [wrong({ port: 70_000 }), /needs port to be an integer from 1 to 65535/],
    "without an administrator": [wrong({ administrator: undefined }), /lacks administrator/],
    "with an administrator that is a text": [wrong({ administrator: PASSWORD }), /needs administrator to be an object/],
    "with an administrator without a login": [wrong({ administrator: {} }), /lacks administrator.username/, /lacks administrator.password/],
    "with an empty password": [
      wrong({ administrator: { username: "postgres", password: "" } }),
      /needs administrator.password to be a non-empty string/,
    ],
    "with fields of existing()": [
      wrong({ database: "orders" }),
      /has no field "database" .*; fix: use one of host, port, administrator, tls/,
    ],
    "with an unknown field of the administrator": [
      wrong({ administrator: { username: "a", password: PASSWORD, superuser: true } }),
      /has no field "administrator.superuser"/,
    ],
    "with another mode of TLS": [wrong({ tls: { mode: "prefer" } }), /needs tls.mode to be one of off, require, verify-full/],
    "with a relative path of a CA": [wrong({ tls: { mode: "verify-full", ca: "ca.pem" } }), /needs tls.ca to be an absolute path/],
    "for a kind without logins by statements": [
      { cacheUrl: onServer(server) },
      /^existing.shop.cacheUrl: "shop.cacheUrl" cannot use an existing server: the target local supports that for postgres, not for redis \(EXISTING_SERVER_UNSUPPORTED\); fix: /,
    ],
    "for a setting that there is none of": [{ nothing: onServer(server) }, /^nothing: `existing` names "nothing", .* \(EXISTING_UNKNOWN\)/],
  };
  for (const [what, [given, ...expected]] of Object.entries(refusals))
    it(`is rejected ${what}`, async () => {
      const told = reasons(await refused(() => group(given), {}, [PASSWORD]));
      assert.equal(told.length, expected.length, told.join("\n"));
      for (const [index, reason] of expected.entries()) assert.match(told[index] ?? "", reason);
    });

  it("is rejected by a target without support for it, and beside a value in the stack's configuration", async () => {
    const { facts } = cloud();
    const kinds = Object.fromEntries(Object.entries(facts.kinds).map(([kind, of]) => [kind, { ...of, findsServer: false }]));
    const elsewhere = cloud({ facts: { ...facts, kinds } });
    const [reason = "", ...others] = reasons(await refused(() => group({ databaseUrl: onServer(server) }, elsewhere), {}, [PASSWORD]));
    assert.match(reason, /the target cloud supports that for no kind, not for postgres \(EXISTING_SERVER_UNSUPPORTED\)/);
    assert.deepEqual(others, []);
    const secrets = { DATABASE_URL: "postgresql://u:supplied-password@h:1/d" };
    assert.match(
      reasons(await refused(() => group({ databaseUrl: onServer(server) }), { secrets }, [PASSWORD, "supplied-password"])).join("\n"),
      /"shop.databaseUrl" is listed in `existing`, but DATABASE_URL is also set in the stack's configuration \(EXISTING_SUPPLIED\); fix: remove one: /,
    );
  });
});
