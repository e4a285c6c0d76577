import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { skipWithout } from "../../support/prerequisite";
import { makeSandbox, PLAIN, POSTGRES, type RunOptions, type Sandbox } from "../harness";
import { failsWith } from "./refusals";

/** Runs a statement of SQL on a database, and prints the rows. */
const SQL = `
  const { Client } = require(${JSON.stringify(require.resolve("pg"))});
  const client = new Client({ connectionString: process.env[process.argv[2]] });
  client.connect().then(() => client.query(process.argv[3])).then(({ rows }) => {
    console.log(JSON.stringify(rows ?? []));
    return client.end();
  }).catch((error) => { console.log(JSON.stringify(error.code)); process.exit(0); });
`;

const WORKER = `import { settings, postgresUrl } from "endow";
export { shared } from "../../packages/settings/src/settings";
export const worker = settings("worker", { jobsUrl: postgresUrl({ version: "17" }) });
`;

describe("the commands in the packages of a workspace", () => {
  let box: Sandbox;
  beforeEach(() => {
    box = makeSandbox("monorepo");
    box.write("package.json", '{ "name": "acme", "private": true }');
    box.write("pnpm-workspace.yaml", 'packages: ["apps/*", "packages/*"]\n');
    for (const name of ["apps/web", "apps/worker", "packages/settings"])
      box.write(`${name}/package.json`, JSON.stringify({ name: path.basename(name) }));
  });
  afterEach(() => box.clean());
  const within = (folder: string) => (parameters: readonly string[], options?: RunOptions) =>
    box.run(parameters, { ...options, cwd: path.join(box.root, folder) });
  const [web, worker, root] = [within("apps/web"), within("apps/worker"), within(".")];
  const json = async (run: typeof web) => JSON.parse((await run(["status", "--json"])).stdout) as Record<string, unknown>;

  it("share one set of servers and one database, and leave the other package's settings alone", async () => {
    box.write("packages/settings/src/settings.ts", POSTGRES);
    box.write("apps/web/package.json", '{ "endow": { "settings": "../../packages/settings/src/settings.ts" } }');
    box.write("apps/worker/settings.ts", WORKER);
    const file = box.write("sql.js", SQL);
    const sql = async (run: typeof web, verb: string, ...parameters: string[]) => {
      const { stdout, stderr, code } = await run([verb, "--", process.execPath, file, ...parameters]);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout) as unknown;
    };
    assert.deepEqual(await sql(web, "dev", "DATABASE_URL", "create table item as select 1 as id"), []);
    assert.deepEqual(await sql(worker, "dev", "DATABASE_URL", "select id from item"), [{ id: 1 }]);
    assert.deepEqual(await sql(worker, "run", "JOBS_URL", "create table job as select 2 as id"), []);
    const { folder, servers } = await json(worker);
    assert.deepEqual(
      (servers as { name: string }[]).map(({ name }) => name),
      ["postgres"],
    );
    for (const run of [web, root]) assert.deepEqual(await json(run), await json(worker));

    const again = await web(["dev"]);
    assert.match(again.stdout, /nothing changed: 1 server running/);
    assert.deepEqual(await sql(worker, "run", "JOBS_URL", "select id from job"), [{ id: 2 }]);
    const values = JSON.parse((await web(["env", "--json"], { reveals: true })).stdout) as object;
    assert.deepEqual(Object.keys(values), ["DATABASE_URL", "GREETING"]);

    await web(["dev", "--stop"]);
    failsWith("SERVERS_NOT_RUNNING", await worker(["run", "--", "true"]));
    await worker(["dev", "--down", "--yes"]);
    assert.ok(!existsSync(String(folder)));
  });

  it("reject two different declarations of a group, and name both files", async () => {
    box.write("packages/settings/src/settings.ts", PLAIN);
    for (const name of ["web", "worker"])
      box.write(`apps/${name}/settings.ts`, 'export { shared } from "../../packages/settings/src/settings";\n');
    for (const run of [web, worker]) assert.equal((await run(["dev"])).code, 0);
    const changed = PLAIN.replace('"hello"', '"bye"');
    box.write("packages/settings/src/settings.ts", changed);
    assert.equal((await worker(["dev"])).code, 0, "one declaration, which was changed");

    const own = box.write("apps/worker/settings.ts", PLAIN);
    for (const verb of ["dev", "plan", "env"]) {
      const refused = await worker([verb]);
      failsWith("GROUP_DECLARED_TWICE", refused);
      assert.ok(refused.stderr.includes(own) && refused.stderr.includes(path.join(box.root, "apps/web/settings.ts")), refused.stderr);
    }
    failsWith("GROUP_DECLARED_TWICE", await web(["dev"]));
    box.write("apps/worker/settings.ts", changed);
    assert.equal((await worker(["dev"])).code, 0, "the same declaration, written twice");
    box.write("apps/worker/settings.ts", PLAIN);
    rmSync(path.join(box.root, "apps/web/settings.ts"));
    assert.equal((await worker(["dev"])).code, 0, "the other file is gone");
  });

  it("report the former servers of a package that joined the workspace, and can use them again", async () => {
    box.write("settings.ts", PLAIN);
    box.write("apps/web/settings.ts", POSTGRES);
    box.write("pnpm-workspace.yaml", "");
    assert.equal((await web(["dev"])).code, 0);
    const before = await json(web);
    box.write("pnpm-workspace.yaml", 'packages: ["apps/*"]\n');
    const note = /web \(development\) was made for apps\/web alone.+set "endow": \{ "workspace": false \} in apps\/web\/package\.json/;
    const first = await web(["dev"]);
    assert.match(first.stderr, note);
    assert.ok(first.stderr.includes(String(before["folder"])));
    for (const run of [web, worker, root]) assert.match((await run(["status"])).stdout, note);
    assert.doesNotMatch((await worker(["dev"])).stderr, note);

    box.write("apps/web/package.json", '{ "name": "web", "endow": { "workspace": false } }');
    assert.deepEqual([(await json(web))["folder"], (await json(web))["root"]], [before["folder"], before["root"]]);
    assert.doesNotMatch((await root(["status"])).stdout, note);
    await web(["dev", "--down", "--yes"]);
    assert.ok(!existsSync(String(before["folder"])));
  });

  it("name the other environments of the workspace, and those of other git worktrees", async function () {
    await skipWithout(this, "git");
    const git = (...parameters: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...parameters], { cwd: box.root, stdio: "ignore" });
    box.write("settings.ts", POSTGRES);
    git("init");
    git("add", ".");
    git("commit", "-m", "all");
    const other = path.join(box.root, "../other");
    git("worktree", "add", other);
    const there = (parameters: readonly string[]) => box.run(parameters, { cwd: path.join(other, "apps/web") });
    assert.equal((await there(["dev"])).code, 0);
    assert.equal((await web(["dev", "--environment", "mine=development"])).code, 0);

    for (const run of [web, root]) {
      const { stdout } = await run(["status"]);
      assert.match(stdout, /Other environments here: acme \(mine\)\./);
      assert.match(stdout, /Each git worktree has its own servers.*\n {2}acme \(development\) in .+\/other\n/);
      const { others } = await json(run);
      const found = (others as { of: string; root: string; environment: string }[]).map(
        ({ of, root: place, environment }) => `${of} ${environment} ${place}`,
      );
      assert.deepEqual(new Set(found), new Set([`app mine ${box.root}`, `worktree development ${other}`]));
    }
    assert.match((await there(["status"])).stdout, /Other worktrees of this repository.*\n {2}acme \(mine\) in .+\/monorepo\n/);
    await there(["dev", "--down", "--yes"]);
    await web(["dev", "--down", "--yes", "--environment", "mine=development"]);
    assert.doesNotMatch((await web(["status"])).stdout, /worktree|Other/);
  });

  it("have one project, wherever it is given", async () => {
    box.write("settings.ts", PLAIN);
    for (const run of [web, worker, root]) {
      assert.equal((await json(run))["project"], "acme");
      const { stdout } = await run(["status", "--json", "--project", "other"]);
      assert.deepEqual([JSON.parse(stdout).project, JSON.parse(stdout).root], ["other", box.root]);
    }
  });
});
