import assert from "node:assert/strict";
import { type Output, output, secret as pulumiSecret, Stash } from "@pulumi/pulumi";
import { bucket, postgresUrl, secret, settings } from "../../lib/index";
import { existing, Project, SettingsGroup, type Existing } from "../../lib/pulumi/index";
import { seen } from "../support/outputs";
import { deployed, here, names, reasons, refused, valueOf } from "./harness";

const shop = settings("shop", { databaseUrl: postgresUrl(), uploads: bucket(), token: secret().optional() });
const tls = { mode: "require" } as const;
const fields = { host: "db.example", port: 5432, database: "orders", username: "app", password: "given-by-the-team", tls };

const group = (resources: object) => new SettingsGroup("shop", { group: shop, target: here, resources });
const valuesIn = ({ inputs }: { readonly inputs: Readonly<Record<string, unknown>> }) => inputs["values"] as Record<string, string>;

describe("a resource that is there already", () => {
  it("is delivered by its values, and nothing is made for it", async () => {
    const { made, engine } = await deployed(() => group({ databaseUrl: existing(fields) }));
    assert.deepEqual(
      names(engine).filter((name) => /:(Lease|Server) /.test(name)),
      ["endow-local:index:Lease shop.uploads", "endow-local:index:Server bucket"],
    );
    const url = "postgresql://app:given-by-the-team@db.example:5432/orders?sslmode=require";
    assert.equal(valuesIn(engine.find("endow-local:index:Values", "shop"))["DATABASE_URL"], url);
    assert.equal((await valueOf(made.env))["DATABASE_URL"], url);
    assert.deepEqual(made.admit({ name: "web" }), { statements: [], rules: [] });
  });

  it("has its secret fields secret, although they were given plain, and the others plain", async () => {
    const { made } = await deployed(() => group({ databaseUrl: existing(fields) }));
    const { password, host, tls: given } = made.outputs.databaseUrl;
    assert.deepEqual(await seen(password), { value: "given-by-the-team", isSecret: true, isKnown: true });
    assert.deepEqual(await seen(host), { value: "db.example", isSecret: false, isKnown: true });
    assert.deepEqual(await valueOf(given), tls);
    assert.equal((await seen(made.env)).isSecret, true);
  });

  it("may consist of outputs of other resources, which it then comes after", async () => {
    const { engine } = await deployed(() => {
      const database = new Stash("database", { input: { address: "made.example", password: pulumiSecret("of-the-database") } });
      const made = output(database.output) as Output<{ address: string; password: string }>;
      return group({ databaseUrl: existing({ ...fields, host: made.address, password: made.password }) });
    });
    const values = engine.find("endow-local:index:Values", "shop");
    assert.match(valuesIn(values)["DATABASE_URL"] ?? "", /^postgresql:\/\/app:of-the-database@made.example:5432\//);
    assert.ok(values.dependsOn.some((urn) => urn.endsWith("::database")));
  });

  it("may lack what not every resource has", async () => {
    const { made, engine } = await deployed(() => group({ uploads: existing({ bucket: "team-uploads", region: "eu-west-1" }) }));
    const { DATABASE_URL, ...values } = valuesIn(engine.find("endow-local:index:Values", "shop"));
    assert.ok(DATABASE_URL);
    assert.deepEqual(values, { UPLOADS_BUCKET: "team-uploads", UPLOADS_REGION: "eu-west-1" });
    assert.equal(await valueOf(made.outputs.uploads.endpoint), undefined);
  });

  it("is given to a project by the setting's id", async () => {
    const resources = { "shop.databaseUrl": existing(fields) };
    const { made } = await deployed(() => new Project("shop", { groups: [shop], target: here, resources }));
    assert.equal(await valueOf(made.group(shop).outputs.databaseUrl.database), "orders");
  });

  it("is refused while it deploys, by name and without a value, when its outputs cannot be used", async () => {
    const given: readonly (readonly [fields: object, message: RegExp])[] = [
      [{ host: output(undefined) }, /the resource of "shop.databaseUrl" cannot be used: host came out as undefined\n {2}fix: /],
      [{ port: output(0) }, /the resource of "shop.databaseUrl" cannot be used: the port is not a whole number from 1 to 65535/],
    ];
    for (const [wrong, message] of given)
      await assert.rejects(
        deployed(() => group({ databaseUrl: existing({ ...fields, ...wrong }) })),
        (error: Error) => message.test(error.message) && !error.message.includes("given-by-the-team"),
      );
  });

  const { host: _host, ...withoutHost } = fields;
  const refusals: Readonly<Record<string, readonly [resources: object, reason: RegExp]>> = {
    "with a field that the kind has not": [
      { databaseUrl: existing({ ...fields, hostname: "x" }) },
      /^resources.shop.databaseUrl: existing\(\) of "shop.databaseUrl" has no field "hostname" \(EXISTING_FIELD\); fix: its fields are host, port, /,
    ],
    "without a field that every such resource has": [
      { databaseUrl: existing(withoutHost) },
      /^resources.shop.databaseUrl: existing\(\) of "shop.databaseUrl" lacks host \(EXISTING_FIELD\)/,
    ],
    "as bare fields": [
      { databaseUrl: fields },
      /is given something else than existing\(\{ ... \}\) or existingServer\(\{ ... \}\) \(EXISTING_INVALID\); fix: wrap the fields/,
    ],
    "for a setting that there is none of": [
      { databaseURL: existing(fields) },
      /^databaseURL: "databaseURL" is said to exist.* \(EXISTING_UNKNOWN\)/,
    ],
    "for a setting that no resource provides": [
      { token: existing(fields) },
      /^shop.token: "shop.token" is said to exist.* \(EXISTING_UNKNOWN\)/,
    ],
  };
  for (const [what, [resources, reason]] of Object.entries(refusals))
    it(`is refused ${what}`, async () => {
      const told = reasons(await refused(() => group(resources), {}, ["given-by-the-team"]));
      assert.equal(told.length, 1, told.join("\n"));
      assert.match(told[0] ?? "", reason);
    });

  it("is refused for an unknown id in a project", async () => {
    const resources: Record<string, Existing<object>> = { databaseUrl: existing(fields) };
    const error = await refused(() => new Project("shop", { groups: [shop], target: here, resources }), {}, ["given-by-the-team"]);
    assert.match(reasons(error).join("\n"), /\(EXISTING_UNKNOWN\)/);
  });

  it("is refused when the stack's configuration has a value for the same setting", async () => {
    const secrets = { DATABASE_URL: "postgresql://u:supplied-password@h:1/d" };
    const error = await refused(() => group({ databaseUrl: existing(fields) }), { secrets }, ["supplied-password", "given-by-the-team"]);
    assert.match(
      reasons(error).join("\n"),
      /^resources.shop.databaseUrl: .* DATABASE_URL is in the stack's configuration as well .*; fix: take one out: pulumi config rm DATABASE_URL$/,
    );
  });
});
