import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { postgresUrl, redisUrl, settings } from "../../lib";
import type { Problem } from "../../lib/errors";
import { app, Project, SettingsGroup } from "../../lib/pulumi";
import { unknownIn } from "../support/outputs";
import { printedBy } from "../support/printed";
import { mockEngine, type MockEngineOptions } from "../support/mock-engine";
import { cloud } from "./cloud";
import { deployed, reasons, refused } from "./harness";

const shop = settings("shop", { databaseUrl: postgresUrl() });
const site = settings("site", { cacheUrl: redisUrl() });
const web = app({ command: ["node"], reads: [shop, site] });

type Preflight = NonNullable<ReturnType<typeof cloud>["preflight"]>;

const project = (preflight: Preflight) => new Project("shop", { groups: [shop, site], target: cloud({ preflight }), apps: { web } });
const full: Problem = { code: "QUOTA_REACHED", path: "target", message: "the account has no room for a database", fix: "ask for more" };
const gone: Problem = { code: "ZONE_UNKNOWN", path: "target", message: "there is no zone eu-9", fix: "name another one" };

/** The registrations and the output of a failing program. */
const failed = async (program: () => unknown, options: MockEngineOptions) => {
  const engine = await mockEngine(options);
  program();
  const error = await engine.settle().then(
    () => assert.fail("nothing failed"),
    (failure: Error) => failure,
  );
  return { error, made: engine.resources.filter(({ custom }) => custom) };
};

describe("a target's account checks", () => {
  it("run once for a project, with the whole plan and below a component of the program", async () => {
    const asked: unknown[] = [];
    await deployed(
      () =>
        project(({ resources, environment }, { parent }) => {
          asked.push([environment.name, resources.map(({ id }) => id), pulumi.ComponentResource.isInstance(parent)]);
          return pulumi.output([]);
        }),
      { stack: "staging" },
    );
    assert.deepEqual(asked, [["staging", ["shop.databaseUrl", "site.cacheUrl"], true]]);
  });

  it("stop everything with all problems, each with its code and its fix", async () => {
    for (const preview of [false, true]) {
      const { error, made } = await failed(() => project(() => pulumi.output([full, gone])), { stack: "staging", preview });
      assert.equal(
        error.message,
        "this environment cannot be deployed:\n" +
          "  - the account has no room for a database (QUOTA_REACHED)\n      fix: ask for more\n" +
          "  - there is no zone eu-9 (ZONE_UNKNOWN)\n      fix: name another one",
      );
      assert.deepEqual(made, []);
    }
  });

  it("stop everything when they fail", async () => {
    const { error, made } = await failed(() => project(() => pulumi.output(Promise.reject(new Error("the account does not answer")))), {
      stack: "staging",
    });
    assert.match(error.message, /the account does not answer/);
    assert.deepEqual(made, []);
  });

  it("are not part of the stack's facts, which stay known", async () => {
    const { engine } = await deployed(
      () => new SettingsGroup("shop", { group: shop, target: cloud({ preflight: () => pulumi.output([]) }) }),
      {
        stack: "staging",
      },
    );
    const { inputs } = engine.find("pulumi:index:Stash", "shop");
    assert.deepEqual(Object.keys(inputs["input"] as object).toSorted(), ["formerly", "servers", "settings", "target", "type"]);
  });

  it("are skipped in a preview that does not know the answer yet, with one line, and the preview shows the rest", async () => {
    const unknown = (): ReturnType<Preflight> => unknownIn<readonly Problem[]>();
    const resourcesOf = async (preflight: Preflight) =>
      (await deployed(() => project(preflight), { stack: "staging", preview: true })).engine.resources.map(({ urn }) => urn).toSorted();
    let shown: readonly string[] = [];
    const lines = await printedBy(async () => (shown = await resourcesOf(unknown)));
    assert.deepEqual(lines, ["info: [runtime] endow: this preview skipped the account checks"]);
    let known: readonly string[] = [];
    assert.deepEqual(await printedBy(async () => (known = await resourcesOf(() => pulumi.output([])))), []);
    assert.deepEqual(shown, known);
  });

  it("do not run where the plan cannot be deployed anyway", async () => {
    const preflight = () => assert.fail("the account was asked");
    const target = cloud({ preflight, check: () => [full] });
    const error = await refused(() => new SettingsGroup("shop", { group: shop, target }), { stack: "staging" });
    assert.match(reasons(error).join("\n"), /no room for a database/);
  });
});
