import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { mockEngine } from "./mock-engine";
import { seen } from "./outputs";

class Lease extends pulumi.CustomResource {
  declare readonly host: pulumi.Output<string>;
  declare readonly password: pulumi.Output<string>;

  constructor(kind: string) {
    const outputs = { host: undefined, password: undefined };
    super("endow-local:index:Lease", kind, { name: "shop_app", server: { name: kind, kind }, ...outputs }, {});
  }
}

class Made extends pulumi.CustomResource {}

describe("the mocked provider", () => {
  for (const kind of ["postgres", "redis"] as const) {
    it(`gives a lease the fields of its kind, ${kind}, with a new secret password each time`, async () => {
      const engine = await mockEngine();
      const [one, two] = [new Lease(kind), new Lease(kind === "redis" ? "postgres" : "redis")];
      await engine.settle();
      assert.deepEqual(await seen(one.host), { value: "127.0.0.1", isKnown: true, isSecret: false });
      const [a, b] = [await seen(one.password), await seen(two.password)];
      assert.equal(a.isSecret && b.isSecret, true);
      assert.match(a.value, /^[a-z0-9]{40}$/);
      assert.notEqual(a.value, b.value);
    });
  }

  it("gives a server its address, a process its URL, and values their file", async () => {
    const engine = await mockEngine();
    const made = (type: string, inputs: pulumi.Inputs, outputs: readonly string[]) =>
      new Made(`endow-local:index:${type}`, type, {
        ...Object.fromEntries(outputs.map((name) => [name, undefined])),
        ...inputs,
      }) as unknown as Readonly<Record<string, pulumi.Output<unknown>>>;
    const server = made("Server", { name: "postgres", kind: "postgres", version: "17" }, ["host", "port", "actualVersion"]);
    const values = made("Values", { group: "shared", values: pulumi.secret({ TOKEN: "t" }) }, ["address"]);
    const process = made("Process", { name: "web", port: 8000, variables: {} }, ["url", "log"]);
    await engine.settle();
    const outputs = [server["host"], server["port"], server["actualVersion"], values["address"], process["url"], process["log"]];
    const told = await Promise.all(outputs.map(async (output) => output && (await seen(output)).value));
    assert.deepEqual(told.slice(0, 3), ["127.0.0.1", 5432, "17.2"]);
    assert.match(told.slice(3).join(" "), /^file:\/\/\/\S+shared\S+ http:\/\/127\.0\.0\.1:8000 \/\S+web\S*$/);
    assert.ok(values["values"] && (await pulumi.isSecret(values["values"])));
  });

  it("remembers values with a stash", async () => {
    const engine = await mockEngine();
    const plain = new pulumi.Stash("plain", { input: { type: "test" } });
    const hidden = new pulumi.Stash("hidden", { input: pulumi.secret("s") });
    await engine.settle();
    assert.deepEqual(await seen(plain.output), { value: { type: "test" }, isKnown: true, isSecret: false });
    assert.deepEqual(await seen(hidden.output), { value: "s", isKnown: true, isSecret: true });
  });
});
