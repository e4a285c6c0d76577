import assert from "node:assert/strict";
import { ComponentResource, secret, Stash, type Input } from "@pulumi/pulumi";
import { plan } from "../../../lib/plan";
import type { Entry } from "../../../lib/contract/store";
import { version } from "../../../lib/internal/version";
import { localFacts } from "../../../lib/local/facts";
import { makerFor } from "../../../lib/pulumi/maker";
import { localStore } from "../../../lib/stores/local/deploy";
import { mockEngine, type MockEngineOptions } from "../../support/mock-engine";
import { seen, unknownIn } from "../../support/outputs";

const VALUES = "endow-local:index:Values";

/** By variable: its value, and whether its kind is secret. */
type Given = Readonly<Record<string, readonly [value: Input<string>, isSecret?: boolean]>>;

const request = (given: Given) => ({
  plan: plan({ project: "shop", groups: [], environment: "development", target: localFacts }),
  group: "shared",
  entries: Object.entries(given).map(([variable, [, isSecret = false]]): Entry => ({
    variable,
    setting: "all",
    secret: isSecret,
    writer: "deploy",
  })),
  make: makerFor(
    { parent: new ComponentResource("test:index:Group", "group"), guards: [new Stash("guard", { input: 1 })] },
    { part: "store", name: "shared", isProtected: true },
  ),
});

const deploy = async (given: Given, options?: MockEngineOptions) => {
  const engine = await mockEngine(options);
  const opened = localStore("/app").open(request(given));
  await engine.settle();
  assert.ok(!engine.resources.some(({ type }) => type === VALUES), "a value is written before it is known");
  const written = opened.write(new Map(Object.entries(given).map(([variable, [value]]) => [variable, value])));
  await engine.settle();
  return { opened, written, file: engine.find(VALUES, "shared") };
};

describe("the store of this machine", () => {
  it("keeps a group's values in one file, whose address load() gets", async () => {
    const { written, file } = await deploy({ SITE: ["Shop"], TOKEN: ["the-token", true] });
    assert.deepEqual(file.inputs, {
      environment: { project: "shop", root: "/app", name: "development" },
      group: "shared",
      values: { SITE: "Shop", TOKEN: "the-token" },
    });
    assert.deepEqual([file.version, file.protect], [version(), true]);
    assert.deepEqual(await seen(written.address), {
      value: "file:///var/lib/endow/mocked/development/values/shared.json",
      isKnown: true,
      isSecret: false,
    });
    assert.equal(written.ready.length, 1);
    assert.deepEqual(await Promise.all(written.ready.map(async ({ urn }) => (await seen(urn)).value)), [file.urn]);
  });

  it("passes the file's values to the provider as a secret, even if none of them is secret", async () => {
    assert.deepEqual((await deploy({ SITE: ["Shop"] })).file.secretInputs, ["values"]);
    assert.deepEqual((await deploy({})).file.secretInputs, ["values"]);
  });

  it("delivers every value to a process unchanged, and marks which are secret", async () => {
    const { written } = await deploy({ SITE: ["Shop"], TOKEN: ["in-clear", true], KEPT: [secret("kept")] });
    const delivered = await Promise.all(
      written.delivered.map(async (one) => {
        assert.equal(one.by, "value");
        return [one.name, one.secret, await seen(one.value)] as const;
      }),
    );
    assert.deepEqual(delivered, [
      ["SITE", false, { value: "Shop", isKnown: true, isSecret: false }],
      // Not marked as a Pulumi secret here: the components do that for every secret kind.
      ["TOKEN", true, { value: "in-clear", isKnown: true, isSecret: false }],
      ["KEPT", false, { value: "kept", isKnown: true, isSecret: true }],
    ]);
  });

  it("writes an empty text, and does not deliver a variable without a value", async () => {
    const engine = await mockEngine();
    const given: Given = { EMPTY: [""], ABSENT: ["never written"] };
    const { delivered } = localStore("/app")
      .open(request(given))
      .write(new Map([["EMPTY", ""]]));
    await engine.settle();
    assert.deepEqual(engine.find(VALUES, "shared").inputs["values"], { EMPTY: "" });
    assert.deepEqual(
      delivered.map(({ name }) => name),
      ["EMPTY"],
    );
  });

  it("does not know its address in a preview, nor its file's values while one of them is unknown", async () => {
    const { written } = await deploy({ SITE: ["Shop"] }, { preview: true });
    assert.equal((await seen(written.address)).isKnown, false);
    const { written: later, file } = await deploy({ SITE: ["Shop"], URL: [unknownIn<string>()] }, { preview: true });
    assert.equal(file.inputs["values"], undefined);
    const known = later.delivered.map(async (one) => [one.name, one.by === "value" && (await seen(one.value)).isKnown]);
    assert.deepEqual(await Promise.all(known), [
      ["SITE", true],
      ["URL", false],
    ]);
  });

  it("grants no access, as this user owns the file, and has no entry for a broker", async () => {
    const { opened } = await deploy({ SITE: ["Shop"] });
    assert.deepEqual(opened.access({ process: "web" }, ["SITE"]), []);
    assert.throws(() => opened.entry("SITE"), /shared\.SITE: on this machine the deploy writes every value/);
  });
});
