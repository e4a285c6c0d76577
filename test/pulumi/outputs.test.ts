import assert from "node:assert/strict";
import { interpolate, type Output } from "@pulumi/pulumi";
import { bucket, settings } from "../../lib/index";
import { provisioned } from "../../lib/kinds";
import { app, Project } from "../../lib/pulumi/index";
import { provisionedSettings } from "../support/each-kind";
import { seen } from "../support/outputs";
import { cloud } from "./cloud";
import { deployed, here } from "./harness";

/** A setting of each kind that a target provides. */
const shop = settings("shop", provisionedSettings);
const site = settings("site", { uploads: bucket() });

const targets = { local: [here, "development"], "a target that gives plain passwords": [() => cloud(), "staging"] } as const;

for (const [name, [target, stack]] of Object.entries(targets))
  describe(`on ${name}, an output`, () => {
    const project = () =>
      new Project("shop", {
        settings: [shop],
        target,
        apps: { web: app({ command: ["node", "server.js"], port: 80, reads: [shop] }) },
      });

    for (const [kind, { fields }] of Object.entries(provisioned))
      it(`of ${kind} is secret exactly when its field is`, async () => {
        const { made } = await deployed(project, { stack });
        const outputs = made.group(shop).outputs as unknown as Readonly<Record<string, Readonly<Record<string, Output<unknown>>>>>;
        assert.deepEqual(Object.keys(outputs[kind] ?? {}), Object.keys(fields));
        for (const [field, visibility] of Object.entries<string>(fields)) {
          const output = outputs[kind]?.[field] ?? assert.fail(`${field} is an output`);
          assert.equal((await seen(output)).isSecret ? "secret" : "public", visibility, `${kind}.${field}`);
        }
      });

    it("that says where and what the environment is, or where an app is reached, is plain", async () => {
      const { made, engine } = await deployed(project, { stack });
      const group = made.group(shop);
      const ofTheEnvironment = [made, group].map((one) => interpolate`${one.environmentName} ${one.environmentType} ${one.target}`);
      for (const output of [made.apps.web.url, ...ofTheEnvironment]) assert.equal((await seen(output)).isSecret, false);
      for (const { type, name: of, inputs, secretInputs } of engine.resources)
        assert.deepEqual(
          secretInputs.filter((input) => !["values", "variables"].includes(input)),
          [],
          `${type} ${of}: ${Object.keys(inputs).join(" ")}`,
        );
    });
  });

describe("values on their way to an app of this machine", () => {
  it("are secret as a whole: in the group's file, in the group's variables and in the app's", async () => {
    const program = () => new Project("shop", { settings: [shop], target: here, apps: { web: app({ command: ["node"], reads: [shop] }) } });
    const { made, engine } = await deployed(program);
    assert.deepEqual(engine.find("endow-local:index:Values", "shop").secretInputs, ["values"]);
    assert.deepEqual(engine.find("endow-local:index:Process", "web").secretInputs, ["variables"]);
    assert.equal((await seen(made.group(shop).env)).isSecret, true);
  });

  it("do not become secret by fields that they are not made of: a bucket's name beside its key", async () => {
    const seenByStore: Record<string, boolean> = {};
    const watching = cloud();
    const target = cloud({
      store: {
        name: "watching",
        deploy: (request) => {
          for (const { variable, secret } of request.entries) seenByStore[variable] = secret;
          values.push(...request.entries.map(({ variable, value }) => [variable, value as Output<string>] as const));
          return watching.store.deploy(request);
        },
      },
    });
    const values: (readonly [string, Output<string>])[] = [];
    await deployed(() => new Project("shop", { settings: [site], target }), { stack: "staging" });
    assert.deepEqual(
      { ...seenByStore },
      {
        UPLOADS_ACCESS_KEY_ID: false,
        UPLOADS_BUCKET: false,
        UPLOADS_ENDPOINT: false,
        UPLOADS_PREFIX: false,
        UPLOADS_REGION: false,
        UPLOADS_SECRET_ACCESS_KEY: true,
      },
    );
    for (const [variable, value] of values) assert.equal((await seen(value)).isSecret, seenByStore[variable], variable);
  });
});
