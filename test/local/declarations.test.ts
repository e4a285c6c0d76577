import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bucket, type Group, postgresUrl, redisUrl, settings } from "../../lib";
import type { Up } from "../../lib/local/up";
import { writeValues } from "../../lib/stores/local/write";
import { type Home, makeHome } from "../support/home";
import { imaginedMachine, type ImaginedMachine } from "../support/imagined-machine";

const shared = settings("shared", { databaseUrl: postgresUrl() });
const web = settings("web", { webUrl: postgresUrl(), cacheUrl: redisUrl() });
const worker = settings("worker", { workerUrl: postgresUrl(), uploads: bucket() });

describe("an environment that several settings files use", () => {
  let home: Home;
  let imagined: ImaginedMachine;
  let files: { readonly web: string; readonly worker: string };
  beforeEach(async () => {
    imagined = imaginedMachine();
    home = await makeHome("declarations-test", imagined.machine);
    files = { web: path.join(home.root, "web.ts"), worker: path.join(home.root, "worker.ts") };
    for (const file of Object.values(files)) writeFileSync(file, "");
  });
  afterEach(() => home.clean());

  const bringWeb = (groups: readonly Group[] = [shared, web]): Promise<Up> => home.bring(groups, { declaration: files.web });
  const bringWorker = (groups: readonly Group[] = [shared, worker]): Promise<Up> => home.bring(groups, { declaration: files.worker });
  const isOpen = ({ values }: Up, variable: string) =>
    imagined.kept(values, variable).then(
      () => true,
      () => false,
    );

  it("gives all of them one server of a kind, and one database for a shared group", async () => {
    const [first, second] = [await bringWeb(), await bringWorker()];
    assert.equal(first.values["DATABASE_URL"], second.values["DATABASE_URL"]);
    assert.equal(new URL(first.values["WEB_URL"] ?? "").port, new URL(second.values["WORKER_URL"] ?? "").port);
    await imagined.keep(first.values, "DATABASE_URL", "an order");
    assert.deepEqual(await imagined.kept(second.values, "DATABASE_URL"), ["an order"]);
    assert.deepEqual([(await bringWeb()).changed, (await bringWorker()).changed], [false, false]);
  });

  it("leaves another file's settings alone, and disables those that a file no longer declares", async () => {
    const first = await bringWeb();
    const second = await bringWorker();
    for (const variable of ["WEB_URL", "CACHE_URL"]) assert.ok(await isOpen(first, variable), variable);
    await bringWeb([shared]);
    for (const variable of ["WEB_URL", "CACHE_URL"]) assert.ok(!(await isOpen(first, variable)), variable);
    for (const variable of ["WORKER_URL", "UPLOADS", "DATABASE_URL"]) assert.ok(await isOpen(second, variable), variable);
    await bringWeb([settings("web", { webUrl: postgresUrl() })]);
    assert.ok(await isOpen(second, "DATABASE_URL"), "the other file still has the shared group");
  });

  it("disables the settings of a deleted file", async () => {
    const first = await bringWeb();
    rmSync(files.web);
    await bringWorker();
    for (const variable of ["WEB_URL", "CACHE_URL"]) assert.ok(!(await isOpen(first, variable)), variable);
  });

  it("leaves alone the settings of a stack with more groups", async () => {
    // As `pulumi up` does: the settings of all groups, and no settings file.
    const stack = await home.bring([shared, web, worker]);
    const second = await bringWorker();
    for (const variable of ["WEB_URL", "CACHE_URL"]) assert.ok(await isOpen(stack, variable), variable);
    await bringWorker([settings("worker", { uploads: bucket() })]);
    assert.ok(!(await isOpen(second, "WORKER_URL")), "the file's own settings are still its own");
    for (const variable of ["WEB_URL", "CACHE_URL"]) assert.ok(await isOpen(stack, variable), variable);
  });

  it("disables nothing that may belong to others if the record of files is damaged, and writes a new record", async () => {
    const first = await bringWeb();
    const record = path.join(home.folder, "declarations.json");
    for (const damage of ["", "{", '{"version":2,"files":{}}', '{"version":1,"files":[]}']) {
      writeFileSync(record, damage);
      await bringWorker();
      assert.ok(await isOpen(first, "CACHE_URL"), damage);
      assert.match(readFileSync(record, "utf8"), /worker\.ts/);
      assert.equal(statSync(record).mode & 0o777, 0o600);
      await bringWeb();
    }
  });

  it("rejects a server version that another file does not use, before anything changes", async () => {
    const first = await bringWeb();
    const newer = settings("worker", { workerUrl: postgresUrl({ version: "18" }) });
    await assert.rejects(bringWorker([newer]), {
      code: "SERVER_VERSIONS",
      message: /"(shared|web)\..+" in another settings file.+version 18/,
    });
    assert.deepEqual((await bringWeb()).values, first.values);
    const apart = settings("worker", { workerUrl: postgresUrl({ version: "18", server: "postgres-18" }) });
    assert.deepEqual((await bringWorker([apart])).failed, []);
    rmSync(files.web);
    const moved = await home.bring(newer, { declaration: files.worker, moves: ["worker.workerUrl"] });
    assert.deepEqual(moved.failed, [], "nothing else uses the server");
  });

  it("never treats names of files and groups as anything else", async () => {
    const folder = path.join(home.root, "__proto__");
    mkdirSync(folder);
    const declaration = path.join(folder, "constructor");
    writeFileSync(declaration, "");
    const odd = settings("constructor", { oddUrl: postgresUrl() });
    const first = await home.bring(odd, { declaration });
    await bringWeb();
    assert.ok(await isOpen(first, "ODD_URL"));
    await writeValues(path.join(home.folder, "values"), "hasOwnProperty", {});
    assert.deepEqual((await bringWeb()).changed, false);
  });
});
