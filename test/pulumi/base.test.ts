import assert from "node:assert/strict";
import { output, secret, type Output } from "@pulumi/pulumi";
import { bucket, postgresUrl, redisUrl, settings } from "../../lib";
import { Project, SettingsGroup, type StackSummary } from "../../lib/pulumi";
import { mockEngine, type MockEngineOptions } from "../support/mock-engine";
import { unknownIn } from "../support/outputs";
import { printedBy } from "../support/printed";
import { cloud } from "./cloud";
import { deployed, reasons, refused } from "./harness";

const shop = settings("shop", { databaseUrl: postgresUrl(), uploads: bucket() });
const site = settings("site", { cacheUrl: redisUrl(), ordersUrl: postgresUrl({ server: "orders" }) });
const preview = { stack: "pr-42" };

const reference = (name: string) => ({ address: `${name}.base`, administrator: `administrator-of-${name}` });
const summary: StackSummary = {
  environment: "test",
  type: "test",
  target: "cloud",
  store: "cloud-secrets",
  servers: Object.fromEntries(["postgres", "postgres-orders", "redis-site-cache-url"].map((name) => [name, reference(name)])),
};

const project = (base: unknown) => new Project("shop", { groups: [shop, site], target: cloud(), base });

/** The error of a preview with that base stack, and the resources created before it. */
const refusal = async (base: unknown, options: MockEngineOptions = preview) => {
  const engine = await mockEngine(options);
  project(base);
  const { message } = await engine.settle().then(
    () => assert.fail("nothing failed"),
    (error: Error) => error,
  );
  return { message, made: engine.resources.filter(({ custom }) => custom) };
};

describe("a base stack", () => {
  it("provides each setting of a preview with the server of the planned name", async () => {
    const { engine } = await deployed(() => project(output(summary)), preview);
    assert.equal(engine.find("cloud:index:Lease", "shop.databaseUrl").inputs["administrator"], "administrator-of-postgres");
    const leases = engine.resources.filter(({ type }) => type === "cloud:index:Lease").map(({ name }) => name);
    assert.deepEqual(leases.toSorted(), ["shop.databaseUrl", "site.cacheUrl", "site.ordersUrl"]);
    assert.deepEqual(
      engine.resources.filter(({ type }) => type === "cloud:index:Server"),
      [],
    );
  });

  it("is a stack's export `endow`: of a project, and of a standalone group", async () => {
    const { made } = await deployed(
      () => [
        new SettingsGroup("shop", { group: shop, target: cloud() }).endow,
        new SettingsGroup("site", { group: site, target: cloud() }).endow,
      ],
      { stack: "staging" },
    );
    const { servers, ...facts } = made[1] ?? assert.fail("two groups");
    assert.deepEqual(facts, { environment: "staging", type: "test", target: "cloud", store: "cloud-secrets" });
    // All resources of the stack so far.
    assert.deepEqual(Object.keys(servers).toSorted(), ["postgres", "postgres-orders", "redis-site-cache-url"]);
  });

  const wrong: Readonly<Record<string, readonly [base: unknown, ...problems: readonly string[]]>> = {
    "that lacks servers": [
      { ...summary, servers: { "postgres-orders": reference("postgres-orders") } },
      '"shop.databaseUrl" needs the server postgres of the base stack, which has no server of that name (BASE_SERVER_MISSING)',
      '"site.cacheUrl" needs the server redis-site-cache-url of the base stack, which has no server of that name (BASE_SERVER_MISSING)',
    ],
    "that has a string in place of a server": [
      { ...summary, servers: { ...summary.servers, postgres: "db.base" } },
      '"shop.databaseUrl" needs the server postgres of the base stack, which has no server of that name (BASE_SERVER_MISSING)',
    ],
    "on another target": [
      { ...summary, target: "kubernetes" },
      'the base stack runs on kubernetes, but "pr-42" on cloud, which cannot use its servers (BASE_DIFFERS)',
    ],
    "that has exported something else": [{ url: "https://shop.example" }, "`base` must be a stack's export `endow` (BASE_INVALID)"],
    "that has exported nothing": [output(undefined), "`base` must be a stack's export `endow` (BASE_INVALID)"],
  };
  for (const [what, [base, ...problems]] of Object.entries(wrong))
    it(`${what} stops a preview before anything is created`, async () => {
      const { message, made } = await refusal(base);
      const told = message.split("\n").flatMap((line) => (line.startsWith("  - ") ? [line.slice(4)] : []));
      assert.deepEqual(told, problems);
      assert.ok(message.includes("fix: "), message);
      assert.deepEqual(made, []);
    });

  it("is reported together with the account checks", async () => {
    const engine = await mockEngine(preview);
    const problem = { code: "QUOTA_REACHED", path: "target", message: "the account is full", fix: "ask for more" };
    const target = cloud({ preflight: () => output([problem]) });
    new SettingsGroup("shop", { group: shop, target, base: { ...summary, servers: {} } });
    await assert.rejects(engine.settle(), /the account is full \(QUOTA_REACHED\)[^]*has no server of that name \(BASE_SERVER_MISSING\)/);
  });

  it("that is not known yet is not checked, with one line, and the preview of the preview shows the rest", async () => {
    const known = await deployed(() => project(summary), { ...preview, preview: true });
    for (const base of [unknownIn<StackSummary>(), secret(unknownIn<StackSummary>())] satisfies Output<StackSummary>[]) {
      let shown: readonly string[] = [];
      const lines = await printedBy(async () => {
        const { engine } = await deployed(() => project(base), { ...preview, preview: true });
        shown = engine.resources.map(({ urn }) => urn).toSorted();
      });
      assert.deepEqual(lines, ["info: [runtime] endow: this preview skipped the account checks"]);
      assert.deepEqual(shown, known.engine.resources.map(({ urn }) => urn).toSorted());
    }
  });

  it("is not checked for a preview that needs none of its servers", async () => {
    const files = settings("files", { uploads: bucket() });
    const { engine } = await deployed(() => new SettingsGroup("files", { group: files, target: cloud(), base: {} }), preview);
    assert.ok(engine.find("cloud:index:Bucket", "files.uploads"));
  });

  it("is rejected outside previews", async () => {
    for (const stack of ["staging", "production", "development"])
      assert.match(
        reasons(await refused(() => new SettingsGroup("shop", { group: shop, target: cloud(), base: summary }), { stack })).join("\n"),
        /^base: "\w+" is a \w+ environment, and only previews use the servers of a base stack \(BASE_UNUSED\); fix: omit `base` in such stacks$/,
      );
  });
});
