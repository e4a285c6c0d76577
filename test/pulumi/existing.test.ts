import assert from "node:assert/strict";
import { type Output, output, secret as pulumiSecret, Stash } from "@pulumi/pulumi";
import { bucket, load, postgresUrl, secret, settings } from "../../lib/index";
import { existing, Project, SettingsGroup, type Existing } from "../../lib/pulumi/index";
import { seen } from "../support/outputs";
import { deployed, here, names, reasons, refused, valueOf } from "./harness";

const shop = settings("shop", { databaseUrl: postgresUrl(), uploads: bucket(), token: secret().optional() });
const tls = { mode: "require" } as const;
const fields = { host: "db.example", port: 5432, database: "orders", username: "app", password: "given-by-the-team", tls };

const group = (given: object) => new SettingsGroup("shop", { group: shop, target: here, existing: given });
const valuesIn = ({ inputs }: { readonly inputs: Readonly<Record<string, unknown>> }) => inputs["values"] as Record<string, string>;

describe("an existing resource", () => {
  it("only has its values delivered, and nothing is created for it", async () => {
    const { made, engine } = await deployed(() => group({ databaseUrl: existing(fields) }));
    assert.deepEqual(
      names(engine).filter((name) => /:(Lease|Server) /.test(name)),
      ["endow-local:index:Lease shop.uploads", "endow-local:index:Server bucket"],
    );
    const url = "postgresql://app:given-by-the-team@db.example:5432/orders?sslmode=require";
    assert.equal(valuesIn(engine.find("endow-local:index:Values", "shop"))["DATABASE_URL"], url);
    assert.equal((await valueOf(made.env))["DATABASE_URL"], url);
  });

  it("has its secret fields secret, even if passed as plain values, and the others plain", async () => {
    const { made } = await deployed(() => group({ databaseUrl: existing(fields) }));
    const { password, host, tls: given } = made.outputs.databaseUrl;
    assert.deepEqual(await seen(password), { value: "given-by-the-team", isSecret: true, isKnown: true });
    assert.deepEqual(await seen(host), { value: "db.example", isSecret: false, isKnown: true });
    assert.deepEqual(await valueOf(given), tls);
    assert.equal((await seen(made.env)).isSecret, true);
  });

  it("may consist of outputs of other resources, which it then depends on", async () => {
    const { engine } = await deployed(() => {
      const database = new Stash("database", { input: { address: "made.example", password: pulumiSecret("of-the-database") } });
      const made = output(database.output) as Output<{ address: string; password: string }>;
      return group({ databaseUrl: existing({ ...fields, host: made.address, password: made.password }) });
    });
    const values = engine.find("endow-local:index:Values", "shop");
    assert.match(valuesIn(values)["DATABASE_URL"] ?? "", /^postgresql:\/\/app:of-the-database@made.example:5432\//);
    assert.ok(values.dependsOn.some((urn) => urn.endsWith("::database")));
  });

  it("may lack an optional field, and then has no variable for it", async () => {
    const uploads = existing({ bucket: "team-uploads", region: "eu-west-1", endpoint: undefined });
    const { made, engine } = await deployed(() => group({ uploads }));
    const { DATABASE_URL, ...values } = valuesIn(engine.find("endow-local:index:Values", "shop"));
    assert.ok(DATABASE_URL);
    assert.deepEqual(values, { UPLOADS_BUCKET: "team-uploads", UPLOADS_REGION: "eu-west-1" });
    assert.equal(await valueOf(made.outputs.uploads.endpoint), undefined);
    assert.ok(!("UPLOADS_ENDPOINT" in (await valueOf(made.env))));
  });

  it("has an empty variable, which load() treats as absent, where an output resolves to undefined", async () => {
    const uploads = existing({ bucket: "team-uploads", region: "eu-west-1", endpoint: output(undefined) });
    const { made } = await deployed(() => group({ databaseUrl: existing(fields), uploads }));
    const { UPLOADS_ENDPOINT, ...env } = await valueOf(made.env);
    assert.equal(UPLOADS_ENDPOINT, "");
    assert.equal("UPLOADS_ACCESS_KEY_ID" in env, false);
    // The address comes from a mock.
    const { ENDOW_SHOP: _address, ...values } = env;
    const config = await load(shop, { env: { ...values, UPLOADS_ENDPOINT } });
    assert.deepEqual([config.uploads.name, config.uploads.endpoint], ["team-uploads", undefined]);
  });

  it("is passed to a project by setting id", async () => {
    const given = { "shop.databaseUrl": existing(fields), "shop.uploads": undefined };
    const { made } = await deployed(() => new Project("shop", { groups: [shop], target: here, existing: given }));
    assert.equal(await valueOf(made.group(shop).outputs.databaseUrl.database), "orders");
  });

  it("is rejected during the deploy, by name and without a value, when its outputs are unusable", async () => {
    const given: readonly (readonly [fields: object, message: RegExp])[] = [
      [{ host: output(undefined) }, /the resource of "shop.databaseUrl" cannot be used: host resolved to undefined\n {2}fix: /],
      [{ port: output(0) }, /the resource of "shop.databaseUrl" cannot be used: the port must be an integer from 1 to 65535/],
    ];
    for (const [wrong, message] of given)
      await assert.rejects(
        deployed(() => group({ databaseUrl: existing({ ...fields, ...wrong }) })),
        (error: Error) => message.test(error.message) && !error.message.includes("given-by-the-team"),
      );
  });

  const { host: _host, ...withoutHost } = fields;
  const refusals: Readonly<Record<string, readonly [given: object, reason: RegExp]>> = {
    "with a field that the kind has not": [
      { databaseUrl: existing({ ...fields, hostname: "x" }) },
      /^existing.shop.databaseUrl: existing\(\) of "shop.databaseUrl" has no field "hostname" \(EXISTING_FIELD\); fix: use one of host, port, /,
    ],
    "without a field that every such resource has": [
      { databaseUrl: existing(withoutHost) },
      /^existing.shop.databaseUrl: existing\(\) of "shop.databaseUrl" lacks host \(EXISTING_FIELD\)/,
    ],
    "as bare fields": [
      { databaseUrl: fields },
      /^existing.shop.databaseUrl: "shop.databaseUrl" must be existing\(\{ ... \}\) or onServer\(\{ ... \}\) \(EXISTING_INVALID\); fix: wrap the fields/,
    ],
    "for a setting that there is none of": [
      { databaseURL: existing(fields) },
      /^databaseURL: `existing` names "databaseURL", but no provisionable setting has that id \(EXISTING_UNKNOWN\)/,
    ],
    "for a setting that no resource provides": [
      { token: existing(fields) },
      /^shop.token: `existing` names "shop.token", but no provisionable setting has that id \(EXISTING_UNKNOWN\)/,
    ],
  };
  for (const [what, [given, reason]] of Object.entries(refusals))
    it(`is rejected ${what}`, async () => {
      const told = reasons(await refused(() => group(given), {}, ["given-by-the-team"]));
      assert.equal(told.length, 1, told.join("\n"));
      assert.match(told[0] ?? "", reason);
    });

  it("is rejected for an unknown id in a project", async () => {
    const given: Record<string, Existing<object>> = { databaseUrl: existing(fields) };
    const error = await refused(() => new Project("shop", { groups: [shop], target: here, existing: given }), {}, ["given-by-the-team"]);
    assert.match(reasons(error).join("\n"), /\(EXISTING_UNKNOWN\)/);
  });

  it("is rejected when the stack's configuration has a value for the same setting", async () => {
    const secrets = { DATABASE_URL: "postgresql://u:supplied-password@h:1/d" };
    const error = await refused(() => group({ databaseUrl: existing(fields) }), { secrets }, ["supplied-password", "given-by-the-team"]);
    assert.match(
      reasons(error).join("\n"),
      /^existing.shop.databaseUrl: "shop.databaseUrl" is listed in `existing`, but DATABASE_URL is also set in the stack's configuration .*; fix: remove one: pulumi config rm DATABASE_URL$/,
    );
  });
});
