import assert from "node:assert/strict";
import { z } from "zod";
import { keyPair, secret, settings, type Group } from "../../lib/index";
import { app, Project, SettingsGroup, type Target } from "../../lib/pulumi/index";
import { cloud, type Cloud, type CloudOptions } from "./cloud";
import { GENERATED } from "./cloud/secrets";
import { awaited, deployed, here, names, reasons, refused } from "./harness";

const shop = settings("shop", {
  session: secret(z.string().length(64), { generate: { bytes: 32, as: "hex" }, formerly: ["shop.token"] }),
  jwt: keyPair({ type: "ed25519" }),
});
const web = app({ command: ["node"], image: () => "shop:1", reads: [shop] });
const options = { stack: "production" };
const SECRET = "cloud:index:Secret";

const onCloud = (given: CloudOptions = {}, changes: Partial<Target<Cloud>> = {}, groups: readonly Group[] = [shop]) =>
  deployed(() => new Project("shop", { groups, target: cloud(changes, given), apps: { web } }), options);

describe("a generated secret in a stack", () => {
  it("made by a broker is written to its own entry, which the process reads, and is not in the state", async () => {
    const { engine } = await onCloud();
    const made = engine.find(SECRET, "shop.session");
    assert.deepEqual(made.inputs["generation"], { make: "bytes", bytes: 32, as: "hex" });
    assert.deepEqual(made.inputs["written"], [
      { store: "cloud-secrets", id: "shop-session-id", key: "SESSION", content: { field: "value", options: {} } },
    ]);
    const jwt = engine.find(SECRET, "shop.jwt").inputs["written"] as { key: string; id: string }[];
    assert.deepEqual(
      jwt.map(({ key, id }) => [key, id]),
      [
        ["JWT_PRIVATE_KEY", "shop-jwt-id"],
        ["JWT_PUBLIC_KEY", "shop-jwt-id"],
      ],
    );
    assert.deepEqual(engine.find("cloud:index:Task", "web").inputs["secrets"], {
      SESSION: "shop-session-id:SESSION:",
      JWT_PRIVATE_KEY: "shop-jwt-id:JWT_PRIVATE_KEY:",
      JWT_PUBLIC_KEY: "shop-jwt-id:JWT_PUBLIC_KEY:",
    });
    assert.deepEqual(engine.find("cloud:index:Version", "shop-version").inputs["values"], {});
    assert.ok(awaited(engine.find("cloud:index:Task", "web")).includes(`${SECRET} shop.session`));
  });

  it("made by the deploy is encrypted in the state; the public key is not secret", async () => {
    const { engine } = await onCloud({ generated: "deploy" });
    const version = engine.find("cloud:index:Version", "shop-version");
    assert.deepEqual(version.inputs["values"], {
      SESSION: GENERATED.value,
      JWT_PRIVATE_KEY: GENERATED.privateKey,
      JWT_PUBLIC_KEY: GENERATED.publicKey,
    });
    for (const one of engine.resources.filter(({ type }) => type !== version.type))
      for (const value of [GENERATED.value, GENERATED.privateKey])
        assert.ok(!JSON.stringify(one).includes(value), `${one.type} ${one.name} contains a secret in plaintext`);
  });

  it("has the setting's id as its name, its former ones as aliases, the guard among its dependencies, and no protection", async () => {
    const { engine } = await onCloud();
    const made = engine.find(SECRET, "shop.session");
    assert.ok(made.aliases.some(({ name }) => name === "shop.token"));
    assert.ok(awaited(made).includes("pulumi:index:Stash shop"));
    assert.equal(made.protect, undefined);
  });

  it("restarts a workload when the broker makes a new one", async () => {
    const revision = async (id: string) => {
      const target = cloud();
      const { engine } = await deployed(() => new Project("shop", { groups: [shop], target, apps: { web } }), {
        ...options,
        newResource: ({ type }) => (type === SECRET ? { id } : undefined),
      });
      return engine.find("cloud:index:Task", "web").inputs["revision"];
    };
    assert.equal(await revision("1"), await revision("1"));
    assert.notEqual(await revision("1"), await revision("2"));
  });

  it("is made once for all groups that have the setting", async () => {
    const token = secret({ generate: true });
    const [orders, stock] = [settings("orders", { token }), settings("stock", { token })];
    const { engine } = await onCloud({}, {}, [shop, orders, stock]);
    assert.deepEqual(
      names(engine).filter((name) => name.startsWith(SECRET)),
      [`${SECRET} orders.token`, `${SECRET} shop.jwt`, `${SECRET} shop.session`],
    );
  });

  it("is not made while the stack's configuration has a value", async () => {
    const { engine } = await deployed(() => new Project("shop", { groups: [shop], target: cloud(), apps: { web } }), {
      ...options,
      secrets: { SESSION: "9f2c71e05ab84d36c0e7f1329ad5b84e61c3f7029be8d54a0f63c27e91b8da45" },
    });
    assert.deepEqual(
      names(engine).filter((name) => name.startsWith(SECRET)),
      [`${SECRET} shop.jwt`],
    );
  });

  it("must be supplied on a target that does not generate secrets", async () => {
    const { generated: _, ...facts } = cloud().facts;
    const error = await refused(() => new SettingsGroup("shop", { group: shop, target: cloud({ facts }) }), options);
    assert.deepEqual(reasons(error), [
      "shop.session: SESSION must be supplied, because the target cloud cannot generate it (SETTING_MISSING); " +
        "fix: pulumi config set --secret SESSION",
      "shop.jwt: JWT_PRIVATE_KEY and JWT_PUBLIC_KEY must be supplied, because the target cloud cannot generate it (SETTING_MISSING); " +
        "fix: pulumi config set --secret JWT_PRIVATE_KEY; pulumi config set JWT_PUBLIC_KEY",
    ]);
  });

  it("is rejected with one problem on a target whose facts promise more than it implements", async () => {
    const { generate: _, ...target } = cloud();
    const error = await refused(() => new SettingsGroup("shop", { group: shop, target }), options);
    assert.deepEqual(reasons(error), [
      'shop.session: the target cloud does not generate secrets: "shop.session", "shop.jwt" (UNSUPPORTED_ON_TARGET); ' +
        "fix: supply their values, or choose another target",
    ]);
  });

  it("on this machine has secret outputs, and is passed on as text", async () => {
    const { engine } = await deployed(() => new SettingsGroup("shop", { group: shop, target: here() }));
    const made = engine.find("endow-local:index:Generated", "shop.jwt");
    assert.deepEqual(made.secretOutputs, ["privateKey"]);
    assert.deepEqual([made.inputs["setting"], made.inputs["generation"]], ["shop.jwt", { make: "ed25519" }]);
    assert.deepEqual(engine.find("endow-local:index:Generated", "shop.session").secretOutputs, ["value"]);
    const { inputs, secretInputs } = engine.find("endow-local:index:Values", "shop");
    assert.deepEqual(Object.keys(inputs["values"] as object).toSorted(), ["JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY", "SESSION"]);
    assert.deepEqual(secretInputs, ["values"]);
  });
});
