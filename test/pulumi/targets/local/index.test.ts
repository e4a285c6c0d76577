import assert from "node:assert/strict";
import path from "node:path";
import { postgresUrl, redisUrl, settings } from "../../../../lib/index";
import { provisionedKinds } from "../../../../lib/kinds/provisioned";
import { localFacts } from "../../../../lib/local/facts";
import { app, local, onServer, Project, SettingsGroup, type LocalOptions } from "../../../../lib/pulumi/index";
import { temporary } from "../../../workspace/temporary";
import { APP_FOLDER, deployed, here, reasons, refused } from "../../harness";

const shop = settings("shop", { databaseUrl: postgresUrl({ version: "16" }), cacheUrl: redisUrl({ formerly: ["old.cacheUrl"] }) });
const SERVER = "endow-local:index:Server";
const LEASE = "endow-local:index:Lease";

const group = (options?: LocalOptions) => new SettingsGroup("shop", { group: shop, target: local(options) });

describe("this machine as a target", () => {
  it("has its servers below the program's folder, unless the app's folder is another one", async () => {
    const rootOf = async (options?: LocalOptions) => {
      const { engine } = await deployed(() => group(options));
      const roots = engine.resources.flatMap(({ inputs }) => (inputs["environment"] as { readonly root: string } | undefined)?.root ?? []);
      assert.equal(roots.length, 5);
      return [...new Set(roots)];
    };
    assert.deepEqual(await rootOf(), [process.cwd()]);
    assert.deepEqual(await rootOf({ root: ".." }), [path.resolve("..")]);
  });

  it("has its servers at the root of the program's workspace, and runs its apps in the program's folder", async () => {
    const { folder, write, remove } = temporary();
    try {
      write("pnpm-workspace.yaml", "packages: [packages/*]\n");
      write("packages/infra/package.json", "{}");
      const root = path.join(folder, "packages/infra");
      const apps = { web: app({ command: ["node"], reads: [shop], cwd: "app" }) };
      const project = () => new Project("shop", { groups: [shop], target: local({ root }), apps });
      const { engine } = await deployed(project);
      assert.deepEqual(engine.find(SERVER, "postgres").inputs["environment"], { project: "shop", root: folder, name: "development" });
      assert.equal(engine.find("endow-local:index:Process", "web").inputs["cwd"], path.join(root, "app"));
      const file = write("pnpm-workspace.yaml", "packages: packages/*\n");
      assert.match(reasons(await refused(project)).join(), new RegExp(`${file} cannot be read.+MANIFEST_INVALID`));
    } finally {
      remove();
    }
  });

  it("passes ports, programs and the handling of data to the server and to each lease that may start it", async () => {
    const options = { ports: { postgres: 5433 }, programs: { postgres: process.execPath }, forceDestroy: true };
    const { engine } = await deployed(() => group(options));
    const asked = { port: 5433, program: process.execPath };
    const { port, program, forceDestroy } = engine.find(SERVER, "postgres").inputs;
    assert.deepEqual({ port, program, forceDestroy }, { ...asked, forceDestroy: true });
    const lease = engine.find(LEASE, "shop.databaseUrl").inputs;
    assert.deepEqual(lease["server"], { name: "postgres", kind: "postgres", serverId: "postgres", version: "16", formerly: [], ...asked });
    assert.equal(lease["forceDestroy"], true);
    const cache = engine.find(LEASE, "shop.cacheUrl").inputs;
    assert.deepEqual(cache["server"], {
      name: "redis-shop-cache-url",
      kind: "redis",
      serverId: "shop_cache_url",
      formerly: ["redis-old-cache-url"],
    });
    assert.equal(engine.find(SERVER, "redis-shop-cache-url").inputs["port"], undefined);
  });

  it("keeps a server's program by its absolute path", async () => {
    const { engine } = await deployed(() => group({ programs: { postgres: path.relative(process.cwd(), process.execPath) } }));
    assert.equal(engine.find(SERVER, "postgres").inputs["program"], process.execPath);
  });

  it("creates a lease on a managed server and on an existing one in the same way, with the server in its inputs", async () => {
    const administrator = { username: "postgres", password: "of-the-administrator" };
    const existing = { databaseUrl: onServer({ host: "db.example", administrator }) };
    const { engine } = await deployed(() => new SettingsGroup("shop", { group: shop, target: here(), existing }));
    const { server: given } = engine.find("endow-local:index:RemoteLease", "shop.databaseUrl").inputs;
    assert.deepEqual(given, { kind: "postgres", host: "db.example", port: 5432 });
    const { server: own } = engine.find(LEASE, "shop.cacheUrl").inputs;
    const { environment: _where, forceDestroy: _data, ...made } = engine.find(SERVER, "redis-shop-cache-url").inputs;
    assert.deepEqual(own, made);
  });

  it("passes values directly: it resolves no references, grants nothing, and puts each value in the app's own environment", async () => {
    const { resolves, facts, place, store } = local({ root: ".." });
    assert.deepEqual([resolves, facts, place, store.name], [[], localFacts, path.resolve(".."), "local"]);
    const { made } = await deployed(() => group());
    assert.deepEqual(made.delivery.access({ process: "web" }), []);
    assert.deepEqual(made.delivery.variables.map(({ name, by }) => `${name} ${by}`).toSorted(), [
      "CACHE_URL value",
      "DATABASE_URL value",
      "ENDOW_ENVIRONMENT value",
      "ENDOW_SHOP value",
    ]);
  });

  it("runs an app in its folder, which is below the program's", async () => {
    const { engine } = await deployed(
      () =>
        new Project("shop", {
          groups: [shop],
          target: here(),
          apps: { a: app({ command: ["node"], reads: [] }), b: app({ command: ["node"], cwd: "../b", reads: [] }) },
        }),
    );
    const cwdOf = (name: string) => engine.find("endow-local:index:Process", name).inputs["cwd"];
    assert.deepEqual([cwdOf("a"), cwdOf("b")], [APP_FOLDER, path.join(APP_FOLDER, "../b")]);
  });

  it("rejects options for servers of unknown kinds", async () => {
    const told = reasons(await refused(() => group({ ports: { "postgre-16": 5433 }, programs: { mysql: process.execPath } })));
    assert.equal(told.length, 2);
    assert.match(
      told[0] ?? "",
      /^target.ports.postgre-16: local\(\{ ports \}\) names "postgre-16", but there is no such server \(SERVER_UNKNOWN\); fix: /,
    );
    assert.ok(told[0]?.includes(provisionedKinds.names.join(", ")), told[0]);
    assert.match(told[1] ?? "", /^target.programs.mysql: local\(\{ programs \}\) names "mysql"/);
  });

  it("rejects a missing folder, a missing program, and a port out of range", async () => {
    const none = path.join(process.execPath, "none");
    const options = { root: none, ports: { postgres: 65_536 }, programs: { postgres: none } };
    assert.deepEqual(reasons(await refused(() => group(options))), [
      `target.root: the folder ${none} does not exist (FOLDER_NOT_FOUND); fix: set it to the app's folder`,
      'target.ports.postgres: local({ ports }): the port 65536 of "postgres" must be an integer from 1024 to 65535 (PORT_INVALID); ' +
        "fix: correct it, or omit it to use a free port",
      `target.programs.postgres: the program ${none} does not exist (PROGRAM_NOT_FOUND); fix: correct the path`,
    ]);
  });
});
