import assert from "node:assert/strict";
import { postgresUrl, settings } from "../../lib";
import { SettingsGroup } from "../../lib/pulumi";
import { refuse, type Facts, type Meant } from "../../lib/pulumi/stack-guard";
import { errorOf } from "../support/errors";
import { cloud } from "./cloud";
import { awaited, deployed } from "./harness";

const shop = settings("shop", { databaseUrl: postgresUrl() });

describe("what an environment is for and where it runs", () => {
  it("is kept in the state, and whatever is made comes after it", async () => {
    const { engine } = await deployed(() => new SettingsGroup("shop", { group: shop, target: cloud() }), { stack: "staging" });
    assert.deepEqual(engine.find("pulumi:index:Stash", "shop").inputs, { input: { type: "test", target: "cloud" } });
    const made = engine.resources.filter(({ type }) => type.startsWith("cloud:"));
    assert.equal(made.length, 3);
    for (const resource of made) assert.ok(awaited(resource).includes("pulumi:index:Stash shop"), resource.name);
  });

  const test: Facts = { type: "test", target: "cloud" };
  const production: Facts = { type: "production", target: "cloud" };

  const allowed: Readonly<Record<string, readonly [before: Facts, now: Facts, meant?: Meant]>> = {
    "stays as it is": [production, production],
    "becomes production": [test, production],
    "leaves any other type": [test, { ...test, type: "preview" }],
    "leaves production because that is meant": [production, test, { type: "test" }],
    "moves because that is meant": [test, { ...test, target: "local" }, { target: "local" }],
    "leaves production and moves because both are meant": [
      production,
      { type: "test", target: "local" },
      { type: "test", target: "local" },
    ],
  };
  for (const [what, [before, now, meant = {}]] of Object.entries(allowed))
    it(`may be so that it ${what}`, () => refuse(before, now, meant));

  const refused: Readonly<Record<string, readonly [before: Facts, now: Facts, code: string, meant?: Meant]>> = {
    "leaves production": [production, test, "TYPE_CHANGED"],
    "leaves production, and something else is meant": [production, test, "TYPE_CHANGED", { type: "preview", target: "cloud" }],
    "leaves production, and staying there is meant": [production, test, "TYPE_CHANGED", { type: "production" }],
    moves: [test, { ...test, target: "local" }, "TARGET_CHANGED"],
    "moves, and something else is meant": [test, { ...test, target: "local" }, "TARGET_CHANGED", { type: "test", target: "cloud" }],
    "moves and leaves production, and the one is meant": [
      production,
      { type: "test", target: "local" },
      "TYPE_CHANGED",
      { target: "local" },
    ],
    "leaves production and moves, and the one is meant": [
      production,
      { type: "test", target: "local" },
      "TARGET_CHANGED",
      { type: "test" },
    ],
  };
  for (const [what, [before, now, code, meant = {}]] of Object.entries(refused))
    it(`is refused when it ${what}`, () => assert.equal(errorOf(() => refuse(before, now, meant)).code, code));

  it("is refused with what would be lost, and the command that says that it is meant", () => {
    assert.equal(
      errorOf(() => refuse(production, test, {})).message,
      "this stack is production, and would become a test environment without its protection, so nothing was done\n" +
        "  fix: undo the change, deploy another stack, or say that it is meant: pulumi config set endow:type test",
    );
    assert.equal(
      errorOf(() => refuse(test, { ...test, target: "local" }, {})).message,
      "this stack runs on cloud, and would be made anew on local, without its data, so nothing was done\n" +
        "  fix: undo the change, deploy another stack, or say that it is meant: pulumi config set endow:target local",
    );
  });
});
