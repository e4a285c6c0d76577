import assert from "node:assert/strict";
import { interpolate, output, type Output } from "@pulumi/pulumi";
import { bucket, redisUrl, settings } from "../../lib/index";
import { provisionedKinds } from "../../lib/kinds/provisioned";
import { app, Project } from "../../lib/pulumi/index";
import { everyKind } from "../support/each-kind";
import { seen } from "../support/outputs";
import { cloud, cloudStore, type Watch } from "./cloud";
import { deployed, here } from "./harness";

/** A setting of each provisionable kind. */
const shop = everyKind("shop");

const targets = {
  local: ["development", undefined],
  "a target with brokers and identities": ["staging", () => cloud()],
} as const;

for (const [name, [stack, target]] of Object.entries(targets))
  describe(`on ${name}, an output`, () => {
    const project = () =>
      new Project("shop", {
        groups: [shop],
        target: () => (target ? target() : here()),
        apps: { web: app({ command: ["node", "server.js"], port: 80, reads: [shop] }) },
      });

    for (const kind of provisionedKinds.names)
      it(`of ${kind} is secret exactly when its field is`, async () => {
        const { made } = await deployed(project, { stack });
        const outputs = new Map<string, object>(Object.entries(made.group(shop).outputs)).get(kind) ?? {};
        const { fields } = provisionedKinds.get(kind);
        const there = new Map<string, Output<unknown>>(Object.entries(outputs));
        const isDeployed = (target ? target() : here()).facts.kinds[kind]?.credential === "deploy";
        const expected = Object.keys(fields).filter((field) => isDeployed || fields[field] === "public");
        assert.deepEqual([...there.keys()], expected);
        for (const [field, output] of there)
          assert.equal((await seen(output)).isSecret ? "secret" : "public", fields[field], `${kind}.${field}`);
      });

    it("that describes the environment or an app's URL is plain", async () => {
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

describe("values passed to an app on this machine", () => {
  it("are secret as a whole: in the group's file, in the group's variables and in the app's", async () => {
    const program = () => new Project("shop", { groups: [shop], target: here, apps: { web: app({ command: ["node"], reads: [shop] }) } });
    const { made, engine } = await deployed(program);
    assert.deepEqual(engine.find("endow-local:index:Values", "shop").secretInputs, ["values"]);
    assert.deepEqual(engine.find("endow-local:index:Process", "web").secretInputs, ["variables"]);
    assert.equal((await seen(made.group(shop).env)).isSecret, true);
  });

  it("do not become secret through unrelated fields: a bucket's name beside its key", async () => {
    const values = new Map<string, Output<string>>();
    const declared = new Map<string, boolean>();
    const watch: Watch = new Map();
    const own = cloudStore("cloud-secrets", watch);
    const store = cloudStore("cloud-secrets", watch, {
      open: (request) => {
        for (const { variable, secret } of request.entries) declared.set(variable, secret);
        const opened = own.open(request);
        return {
          ...opened,
          write: (written) => {
            for (const [variable, value] of written) values.set(variable, output(value));
            return opened.write(written);
          },
        };
      },
    });
    const group = settings("site", { uploads: bucket(), cacheUrl: redisUrl() });
    await deployed(() => new Project("shop", { groups: [group], target: cloud({ store }) }), { stack: "staging" });
    assert.deepEqual(Object.fromEntries(declared), { UPLOADS_BUCKET: false, UPLOADS_REGION: false, CACHE_URL: true });
    for (const [variable, value] of values) assert.equal((await seen(value)).isSecret, declared.get(variable), variable);
  });
});
