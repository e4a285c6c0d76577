import assert from "node:assert/strict";
import { postgresUrl, settings } from "../../lib/index";
import { app, Project } from "../../lib/pulumi/index";
import type { MockEngineOptions } from "../support/mock-engine";
import { mockEngine } from "../support/mock-engine";
import type { Recorded } from "../support/mock-resource";
import { cloud } from "./cloud";

const shop = settings("shop", { databaseUrl: postgresUrl() });

/** What the stack was before, as its stashes remember it. */
interface Before {
  readonly type: string;
  readonly target: string;
}

const newResource =
  (before: Before) =>
  ({ type, name, inputs }: Recorded) => {
    if (type !== "pulumi:index:Stash") return undefined;
    const value = name.endsWith("-type") ? before.type : before.target;
    return { outputs: { ...inputs, output: { value, meant: "" } } };
  };

const deploy = async (stack: string, before?: Before, options: MockEngineOptions = {}) => {
  const engine = await mockEngine({ stack, ...options, ...(before && { newResource: newResource(before) }) });
  const apps = { web: app({ command: ["node"], reads: [shop] }), idle: app({ command: ["node"], reads: [] }) };
  void new Project("shop", { settings: [shop], target: cloud(), apps });
  const error = await engine.settle().then(
    () => undefined,
    (reason: Error) => reason,
  );
  const stashes = engine.resources.filter(({ type }) => type === "pulumi:index:Stash");
  return { error, stashes, made: engine.resources.filter(({ type }) => type.startsWith("cloud:")) };
};

const production = { type: "production", target: "cloud" };

describe("what an environment is for and where it runs", () => {
  it("is remembered from the first deploy on", async () => {
    const { error, stashes, made } = await deploy("staging");
    assert.equal(error, undefined);
    assert.deepEqual(
      stashes.map(({ name, inputs }) => [name, inputs["input"]]),
      [
        ["shop-target", { value: "cloud", meant: "" }],
        ["shop-type", { value: "test", meant: "" }],
      ],
    );
    assert.equal(made.length, 5);
  });

  it("may stay as it is, and may become production, which is remembered at once", async () => {
    for (const [stack, before] of [
      ["staging", { type: "test", target: "cloud" }],
      ["production", production],
      ["production", { type: "test", target: "cloud" }],
      ["staging", { type: "development", target: "cloud" }],
    ] as const) {
      const { error, made, stashes } = await deploy(stack, before);
      assert.equal(error, undefined);
      assert.equal(made.length, 5);
      const learns = stashes.map(({ name, replaceOnChanges }) => [name, replaceOnChanges]);
      assert.deepEqual(learns, [
        ["shop-target", []],
        ["shop-type", stack === "production" ? ["input"] : []],
      ]);
    }
  });

  it("is not production any more only when that is said to be meant, and before that nothing is made", async () => {
    const { error, made } = await deploy("staging", production);
    assert.match(
      error?.message ?? "",
      /this stack is production, and would become a test environment without its protection, so nothing was done\n {2}fix: .*pulumi config set endow:type test \(TYPE_CHANGED\)$/,
    );
    assert.deepEqual(made, []);
    const meant = await deploy("staging", production, { config: { "endow:type": "test" } });
    assert.equal(meant.error, undefined);
    assert.equal(meant.made.length, 5);
    assert.deepEqual(
      meant.stashes.map(({ replaceOnChanges }) => replaceOnChanges),
      [[], ["input"]],
    );
  });

  it("is not moved to another target but when that is said to be meant, and before that nothing is made", async () => {
    const elsewhere = { type: "test", target: "local" };
    const { error, made, stashes } = await deploy("staging", elsewhere);
    assert.match(
      error?.message ?? "",
      /this stack runs on local, and would be made anew on cloud, without its data, so nothing was done\n {2}fix: .*pulumi config set endow:target cloud \(TARGET_CHANGED\)$/,
    );
    assert.deepEqual(made, []);
    // What the stack is for is not remembered either.
    assert.deepEqual(
      stashes.map(({ name }) => name),
      ["shop-target"],
    );
    const meant = await deploy("staging", elsewhere, { config: { "endow:target": "cloud" } });
    assert.equal(meant.error, undefined);
    assert.deepEqual(
      meant.stashes.map(({ replaceOnChanges }) => replaceOnChanges),
      [["input"], []],
    );
  });

  it("is kept by what was said of another change, or of the same one in another stack's words", async () => {
    for (const config of [{ "endow:target": "cloud" }, { "endow:type": "preview" }, { "endow:type": "production" }]) {
      const { error, made } = await deploy("staging", production, { config });
      assert.match(error?.message ?? "", /\(TYPE_CHANGED\)$/);
      assert.deepEqual(made, []);
    }
  });

  it("is told in a preview, too", async () => {
    const { error, made } = await deploy("staging", production, { preview: true });
    assert.match(error?.message ?? "", /\(TYPE_CHANGED\)$/);
    assert.deepEqual(made, []);
  });
});
