import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { mockEngine } from "./mock-engine";
import { seen } from "./outputs";
import { collectRejections, endCollecting, stopCollecting } from "./rejections";

class Thing extends pulumi.CustomResource {
  declare readonly text: pulumi.Output<string>;
  declare readonly token: pulumi.Output<string>;

  constructor(name: string, inputs: pulumi.Inputs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super("test:index:Thing", name, { text: undefined, token: undefined, ...inputs }, opts);
  }
}

class Box extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions = {}) {
    super("test:index:Box", name, { size: 1 }, opts);
  }

  filled(outputs: pulumi.Inputs): this {
    this.registerOutputs(outputs);
    return this;
  }
}

describe("the mocked engine", () => {
  it("records registrations in order", async () => {
    const engine = await mockEngine();
    const box = new Box("box");
    const thing = new Thing("thing", { text: "hello", list: [{ deep: 1 }] }, { parent: box });
    await engine.settle();
    assert.deepEqual(
      engine.resources.map(({ type, name }) => `${type} ${name}`),
      ["test:index:Box box", "test:index:Thing thing"],
    );
    const recorded = engine.find("test:index:Thing", "thing");
    assert.deepEqual(recorded.inputs, { text: "hello", list: [{ deep: 1 }] });
    assert.equal(recorded.custom, true);
    assert.equal(recorded.parent, engine.find("test:index:Box", "box").urn);
    assert.deepEqual(await seen(thing.text), { value: "hello", isKnown: true, isSecret: false });
    assert.equal((await seen(thing.id)).value, "thing-id");
  });

  it("records registrations from within apply", async () => {
    const engine = await mockEngine();
    new Thing("first").id.apply((id) => new Thing(`after-${id}`).id.apply((next) => new Thing(`after-${next}`)));
    await engine.settle();
    assert.deepEqual(
      engine.resources.map(({ name }) => name),
      ["first", "after-first-id", "after-after-first-id-id"],
    );
  });

  it("lists existing resources when a requested one does not exist", async () => {
    const engine = await mockEngine();
    void new Thing("one");
    await engine.settle();
    assert.throws(
      () => engine.find("test:index:Thing", "two"),
      /0 resources of type test:index:Thing are named two.*\n {2}test:index:Thing one/,
    );
  });

  it("records every option", async () => {
    const engine = await mockEngine();
    const other = new Thing("other");
    const box = new Box("box");
    void new Thing(
      "thing",
      {},
      {
        parent: box,
        protect: true,
        retainOnDelete: true,
        dependsOn: [other],
        ignoreChanges: ["text"],
        replaceOnChanges: ["list"],
        additionalSecretOutputs: ["token"],
        version: "1.2.3",
        aliases: [{ name: "former" }, { parent: pulumi.rootStackResource }, "urn:pulumi:a::b::c::d"],
      },
    );
    await engine.settle();
    assert.deepEqual(engine.find("test:index:Thing", "thing"), {
      urn: "urn:pulumi:development::shop::test:index:Box$test:index:Thing::thing",
      type: "test:index:Thing",
      name: "thing",
      inputs: {},
      outputs: {},
      custom: true,
      secretInputs: [],
      parent: engine.find("test:index:Box", "box").urn,
      protect: true,
      retainOnDelete: true,
      dependsOn: [engine.find("test:index:Thing", "other").urn],
      secretOutputs: ["token"],
      aliases: [{ name: "former", parent: engine.find("test:index:Box", "box").urn }, { noParent: true }, { urn: "urn:pulumi:a::b::c::d" }],
      ignoreChanges: ["text"],
      replaceOnChanges: ["list"],
      provider: "",
      version: "1.2.3",
    });
    const { protect, retainOnDelete } = engine.find("test:index:Thing", "other");
    assert.deepEqual([protect, retainOnDelete], [undefined, undefined]);
  });

  it("records the outputs of a component", async () => {
    const engine = await mockEngine();
    void new Box("box").filled({ url: pulumi.output("http://here"), token: pulumi.secret("s") });
    await engine.settle();
    const { inputs, outputs, custom } = engine.find("test:index:Box", "box");
    assert.deepEqual({ inputs, outputs, custom }, { inputs: { size: 1 }, outputs: { url: "http://here", token: "s" }, custom: false });
  });

  it("fails the test when a provider fails", async () => {
    const newResource = () => {
      throw new Error("no such thing");
    };
    const engine = await mockEngine({ newResource });
    void new Thing("thing");
    await assert.rejects(engine.settle(), /no such thing/);
  });

  it("fails the test when the program throws in apply", async () => {
    const engine = await mockEngine();
    new Thing("thing").id.apply(() => {
      throw new Error("thrown in apply");
    });
    await assert.rejects(engine.settle(), /thrown in apply/);
  });

  it("is not affected by an earlier failed test", async () => {
    const failing = await mockEngine({ newResource: () => Promise.reject(new Error("before")), secrets: { TOKEN: "x" } });
    void new Thing("thing");
    await endCollecting(true);
    await assert.rejects(failing.settle(), /before/);
    const engine = await mockEngine();
    void new Thing("thing");
    await engine.settle();
    assert.equal(engine.resources.length, 1);
    assert.equal(new pulumi.Config().get("TOKEN"), undefined);
  });

  it("fails a test that passes without waiting", async () => {
    const engine = await mockEngine({ newResource: () => Promise.reject(new Error("not waited for")) });
    void new Thing("thing");
    await assert.rejects(endCollecting(false), /not waited for/);
    await assert.rejects(engine.settle(), /not waited for/);
  });

  it("leaves rejections to the tests' own handler once it is settled", async () => {
    const first = await mockEngine();
    await first.settle();
    const lost = collectRejections(() => Promise.resolve());
    await first.settle();
    const error = new Error("watched");
    const rejected = Promise.reject(error);
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(lost.includes(error));
    stopCollecting(lost);
    await assert.rejects(rejected, error);
  });

  describe("two resources of one name", () => {
    const register = async (make: () => void) => {
      const engine = await mockEngine();
      make();
      await engine.settle();
    };

    it("are rejected if they have the same type", () =>
      assert.rejects(
        register(() => [new Thing("same"), new Thing("same")]),
        /Duplicate resource URN 'urn:pulumi:development::shop::test:index:Thing::same'/,
      ));

    it("are rejected below parents of one type: a URN contains the parents' types, not their names", () =>
      assert.rejects(
        register(() => [new Thing("same", {}, { parent: new Box("one") }), new Thing("same", {}, { parent: new Box("two") })]),
        /Duplicate resource URN 'urn:pulumi:development::shop::test:index:Box\$test:index:Thing::same'/,
      ));

    it("are distinct if their parents differ in type", () =>
      register(() => {
        const outer = new Box("outer");
        const inner = new Box("inner", { parent: outer });
        return [new Thing("same"), new Thing("same", {}, { parent: outer }), new Thing("same", {}, { parent: inner })];
      }));
  });

  describe("a secret", () => {
    it("is recorded by its path in the inputs, and stays secret in the output of that name", async () => {
      const engine = await mockEngine();
      const thing = new Thing("thing", { text: pulumi.secret("a"), nested: { list: ["b", pulumi.secret("c")] } });
      await engine.settle();
      const { inputs, secretInputs } = engine.find("test:index:Thing", "thing");
      assert.deepEqual(inputs, { text: "a", nested: { list: ["b", "c"] } });
      // Pulumi's SDK moves a secret mark inside a list or an object to the whole property, unless a single value is requested.
      assert.ok(secretInputs.includes("text") && secretInputs.some((path) => path.startsWith("nested")), secretInputs.join());
      assert.deepEqual(await seen(thing.text), { value: "a", isKnown: true, isSecret: true });
    });

    it("is a value that the program or the provider marks", async () => {
      const engine = await mockEngine({
        newResource: ({ name }) => ({ outputs: { text: name === "told" ? pulumi.secret("x") : "x", token: "t" } }),
      });
      const told = new Thing("told", {}, { additionalSecretOutputs: ["token"] });
      const plain = new Thing("plain");
      await engine.settle();
      const isSecret = [told.text, told.token, plain.text, plain.token].map((output) => pulumi.isSecret(output));
      assert.deepEqual(await Promise.all(isSecret), [true, true, false, false]);
    });

    it("makes a text that contains it secret", async () => {
      const engine = await mockEngine({ newResource: () => ({ outputs: { token: "t", text: "x" } }) });
      const { token, text } = new Thing("thing", {}, { additionalSecretOutputs: ["token"] });
      await engine.settle();
      assert.deepEqual(await seen(pulumi.interpolate`${text}:${token}`), { value: "x:t", isKnown: true, isSecret: true });
      assert.equal(await pulumi.isSecret(pulumi.interpolate`${text}`), false);
    });

    it("in the configuration is distinguished from plain values", async () => {
      const engine = await mockEngine({ config: { PORT: "80", "endow:type": "test" }, secrets: { TOKEN: "t" } });
      const config = new pulumi.Config();
      await engine.settle();
      assert.deepEqual([config.get("PORT"), config.get("TOKEN"), new pulumi.Config("endow").get("type")], ["80", "t", "test"]);
      const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
      assert.deepEqual(["shop:PORT", "shop:TOKEN", "endow:type"].map(isConfigSecret), [false, true, false]);
    });
  });

  it("knows the program's values in a preview, but not the provider's", async () => {
    const engine = await mockEngine({ preview: true });
    const thing = new Thing("thing", { text: "here" });
    const next = new Thing("next", { text: thing.token });
    const stash = new pulumi.Stash("stash", { input: { type: "development" } });
    await engine.settle();
    assert.equal(pulumi.runtime.isDryRun(), true);
    const known = [thing.text, thing.id, thing.token, next.text, stash.output].map(async (output) => (await seen<unknown>(output)).isKnown);
    assert.deepEqual(await Promise.all(known), [true, false, false, false, true]);
    assert.deepEqual(engine.find("test:index:Thing", "next").inputs, { text: undefined });
  });

  it("answers calls of a provider's function", async () => {
    const engine = await mockEngine({ call: (token) => ({ token }) });
    const answer = await pulumi.runtime.invoke("test:index:ask", { question: 1 });
    await engine.settle();
    assert.deepEqual(answer, { token: "test:index:ask" });
  });
});
