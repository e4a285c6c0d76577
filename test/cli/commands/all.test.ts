import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { processesIn } from "../../../lib/supervisor/client";
import { skipUnless } from "../../support/prerequisite";
import { COUNTED, makeSandbox, PLAIN, POSTGRES, type Sandbox } from "../harness";

interface Known {
  readonly project: string;
  readonly environment: string;
  readonly root?: string;
  readonly gone: boolean;
  readonly servers: readonly { readonly name: string; readonly state: string }[];
}

describe("--all", () => {
  let box: Sandbox;
  let moved: string;
  before(async () => {
    box = makeSandbox("shop", COUNTED);
    moved = path.join(path.dirname(box.root), "moved");
    box.write("settings.ts", POSTGRES);
    box.write("other/package.json", '{ "name": "other" }');
    box.write("other/settings.ts", PLAIN);
    assert.equal((await box.run(["dev"])).code, 0);
    renameSync(box.root, moved);
    assert.equal((await box.run(["dev"], { cwd: path.join(moved, "other") })).code, 0);
  });
  after(async () => {
    rmSync(moved, { recursive: true, force: true });
    mkdirSync(box.root, { recursive: true });
    await box.clean();
  });
  const run = (...parameters: string[]) => box.run(parameters, { cwd: moved });
  const known = async () => JSON.parse((await run("status", "--all", "--json")).stdout) as readonly Known[];

  it("shows every environment, and which app's folder is gone", async () => {
    const { stdout, code } = await run("status", "--all");
    assert.equal(code, 0);
    assert.match(stdout, /^other-\w+ +development +none +unknown$/m);
    assert.match(stdout, /^shop +development +postgres +running .*\/shop \(gone\)$/m);
    assert.match(stdout, /`endow dev --stop --all`/);
    assert.deepEqual(
      (await known()).map(({ root, gone, servers }) => [root, gone, servers.map(({ name }) => name)]),
      [
        [undefined, false, []],
        [box.root, true, ["postgres"]],
      ],
    );
  });

  it("conflicts with options that select one environment", async () => {
    for (const parameters of [
      ["status", "--all", "--project", "shop"],
      ["dev", "--stop", "--all", "--environment", "dev"],
    ])
      assert.equal((await run(...parameters)).code, 2);
  });

  it("stops the servers of an app whose folder is gone, and keeps their data", async () => {
    const { stderr, code } = await run("dev", "--stop", "--all");
    assert.equal(code, 0);
    assert.match(stderr, /^shop \(development\):\n(?:stopping .*\n)?stopped: postgres$/m);
    assert.deepEqual(await processesIn(box.state), []);
    assert.deepEqual(
      (await known()).find(({ project }) => project === "shop")?.servers.map(({ state }) => state),
      ["stopped"],
    );
  });

  it("skips and reports environments that another user owns or could change, and stops the others", async function () {
    const endow = path.join(box.state, "endow");
    const other = path.join(endow, readdirSync(endow).find((name) => name.startsWith("other-")) ?? "", "development");
    chmodSync(other, 0o777);
    try {
      assert.match((await run("status", "--all")).stdout, /other-\w+ \(development\) may be incomplete: .*can be changed by other users/);
      const { stderr, code } = await run("dev", "--stop", "--all");
      assert.equal(code, 1);
      assert.match(stderr, /^shop \(development\):\n(?:stopping .*\n)?no server was running$/m);
      assert.match(stderr, /other-\w+\/development can be changed by other users \(mode 0777\)[^]*code: ENVIRONMENTS_LEFT/);
    } finally {
      chmodSync(other, 0o700);
    }
    skipUnless(this, process.getuid?.() === 0, "only root can give a folder to another user");
    chownSync(other, 65_534, 65_534);
    try {
      const { stdout } = await run("status", "--all");
      assert.doesNotMatch(stdout, /other-/);
      assert.match(stdout, /^shop /m);
      assert.equal((await run("dev", "--stop", "--all")).code, 0);
    } finally {
      chownSync(other, 0, 0);
    }
  });

  it("deletes everything once confirmed, also if the record is damaged", async () => {
    const refused = await run("dev", "--down", "--all");
    assert.match(refused.stderr, /all local data of other-\w+ \(development\), shop \(development\)[^]*code: CONFIRMATION_NEEDED/);
    const endow = path.join(box.state, "endow");
    const files = readdirSync(endow, { recursive: true, encoding: "utf8" }).filter((file) =>
      /shop.*(environment|server)\.json$/.test(file),
    );
    assert.equal(files.length, 2);
    for (const file of files) writeFileSync(path.join(endow, file), "{");
    assert.match((await run("status", "--all")).stdout, /^shop-\w+ +development +postgres +stopped .* unknown$/m);
    const { stderr, code } = await run("dev", "--down", "--all", "--yes");
    assert.equal(code, 0, stderr);
    assert.deepEqual(readdirSync(endow), []);
    assert.match((await run("status", "--all")).stdout, /there are no environments/);
    assert.match((await run("dev", "--down", "--all")).stderr, /there are no environments/);
  });
});
