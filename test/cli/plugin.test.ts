import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { install, uninstall } from "../../lib/cli/plugin";
import { pluginOf } from "../../lib/internal/plugin";
import { rejectionOf } from "../support/errors";
import { skipUnless, skipUnlessAsNobody } from "../support/prerequisite";

describe("the installation of the provider", () => {
  let base: string;
  let dist: string;
  let home: string;
  beforeEach(() => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-install-")));
    [dist, home] = [path.join(base, "dist"), path.join(base, "home")];
    for (const program of ["provider", "supervisor"]) {
      mkdirSync(path.join(dist, program), { recursive: true });
      writeFileSync(path.join(dist, program, "main.js"), `// the ${program}\n`);
    }
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const plugin = () => ({ version: "1.2.3", folder: path.join(home, "plugins/resource-endow-local-v1.2.3") });
  const inside = (folder: string) => readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();

  it("puts both programs where Pulumi finds them, with an executable that starts the provider", async () => {
    assert.equal(await install(plugin(), dist), "installed");
    assert.deepEqual(inside(path.join(home, "plugins")), [
      "resource-endow-local-v1.2.3",
      ...["package.json", "provider", "provider/main.js", "pulumi-resource-endow-local", "supervisor", "supervisor/main.js"].map(
        (name) => `resource-endow-local-v1.2.3/${name}`,
      ),
    ]);
    const { folder } = plugin();
    assert.equal(statSync(path.join(folder, "pulumi-resource-endow-local")).mode & 0o777, 0o755);
    assert.equal(readFileSync(path.join(folder, "provider/main.js"), "utf8"), "// the provider\n");
    assert.equal((JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { version: string }).version, "1.2.3");
  });

  it("leaves an identical installation alone, and replaces any other", async () => {
    const { folder } = plugin();
    await install(plugin(), dist);
    const { ino } = statSync(folder);
    assert.equal(await install(plugin(), dist), "unchanged");
    assert.equal(statSync(folder).ino, ino);

    const executable = path.join(folder, "pulumi-resource-endow-local");
    const changes = [
      () => writeFileSync(path.join(dist, "provider/main.js"), "// newer\n"),
      () => rmSync(path.join(folder, "supervisor"), { recursive: true }),
      () => chmodSync(executable, 0o644),
    ];
    for (const change of changes) {
      change();
      assert.equal(await install(plugin(), dist), "installed");
      assert.equal(readFileSync(path.join(folder, "provider/main.js"), "utf8"), "// newer\n");
      assert.equal(statSync(executable).mode & 0o777, 0o755);
    }
    assert.deepEqual(readdirSync(path.join(home, "plugins")), ["resource-endow-local-v1.2.3"]);
  });

  for (const umask of [0o077, 0o002, 0])
    it(`is readable by everyone and writable by the owner alone, at umask ${umask.toString(8)}`, async () => {
      const before = process.umask(umask);
      try {
        await install(plugin(), dist);
        const { folder } = plugin();
        const folders = [home, path.dirname(folder), folder, path.join(folder, "provider"), path.join(folder, "supervisor")];
        const programs = [path.join(folder, "pulumi-resource-endow-local")];
        const files = ["package.json", "provider/main.js", "supervisor/main.js"].map((name) => path.join(folder, name));
        const mode = (place: string) => (statSync(place).mode & 0o777).toString(8);
        assert.deepEqual([...folders, ...programs].map(mode), ["755", "755", "755", "755", "755", "755"]);
        assert.deepEqual(files.map(mode), ["644", "644", "644"]);
      } finally {
        process.umask(before);
      }
    });

  it("is refused if another user can change it, with how to reinstall it", async () => {
    await install(plugin(), dist);
    const { folder } = plugin();
    const places = [home, path.dirname(folder), folder, path.join(folder, "supervisor"), path.join(folder, "supervisor/main.js")];
    for (const place of places) {
      chmodSync(place, 0o777);
      const { code, message } = await rejectionOf(install(plugin(), dist));
      assert.equal(code, "NOT_TRUSTED");
      assert.ok(message.startsWith(`${place} can be changed by other users`), message);
      chmodSync(place, 0o755);
    }
    assert.equal(await install(plugin(), dist), "unchanged");
  });

  it("is refused if another user owns it", async function () {
    skipUnless(this, process.getuid?.() === 0, "only root can give a folder to another user");
    await install(plugin(), dist);
    for (const place of [home, plugin().folder, path.join(plugin().folder, "provider/main.js")]) {
      chownSync(place, 65_534, 65_534);
      assert.equal((await rejectionOf(install(plugin(), dist))).code, "NOT_TRUSTED");
      chownSync(place, 0, 0);
    }
  });

  it("clears the marker of an interrupted download, which keeps Pulumi from using the provider", async () => {
    mkdirSync(path.join(home, "plugins"), { recursive: true });
    writeFileSync(`${plugin().folder}.partial`, "");
    await install(plugin(), dist);
    assert.deepEqual(readdirSync(path.join(home, "plugins")), ["resource-endow-local-v1.2.3"]);
  });

  it("removes one version only", async () => {
    const other = { version: "2.0.0", folder: path.join(home, "plugins/resource-endow-local-v2.0.0") };
    await install(plugin(), dist);
    await install(other, dist);
    assert.equal(await uninstall(plugin()), "removed");
    assert.equal(await uninstall(plugin()), "absent");
    assert.deepEqual(readdirSync(path.join(home, "plugins")), ["resource-endow-local-v2.0.0"]);
  });

  it("reports what is in the way, and leaves nothing half-done", async () => {
    writeFileSync(home, "");
    const taken = await rejectionOf(install(plugin(), dist));
    assert.equal(taken.code, "PLUGIN_NOT_INSTALLED");
    assert.match(taken.message, /\(ENOTDIR\)[^]*fix: move away the file/);
    assert.equal((await rejectionOf(uninstall(plugin()))).code, "PLUGIN_NOT_REMOVED");

    rmSync(home);
    mkdirSync(path.join(home, "plugins"), { recursive: true });
    writeFileSync(plugin().folder, "mine");
    assert.equal((await rejectionOf(install(plugin(), dist))).code, "PLUGIN_NOT_INSTALLED");
    assert.equal(readFileSync(plugin().folder, "utf8"), "mine");
    assert.deepEqual(inside(path.join(home, "plugins")), ["resource-endow-local-v1.2.3"]);
  });

  it("reports how to fix a home that is not writable", async function () {
    skipUnless(this, process.getuid?.() !== 0, "root may write everywhere");
    mkdirSync(home, { mode: 0o500 });
    const { code, message } = await rejectionOf(install(plugin(), dist));
    assert.equal(code, "PLUGIN_NOT_INSTALLED");
    assert.match(message, /EACCES[^]*PULUMI_HOME/);
  });

  it("reports programs that were never built", async () => {
    const { code } = await rejectionOf(install(plugin(), path.join(base, "nowhere")));
    assert.equal(code, "PLUGIN_NOT_BUILT");
    assert.deepEqual(readdirSync(base), ["dist"]);
  });

  it("prefers PULUMI_HOME to the user's home", () => {
    const { PULUMI_HOME } = process.env;
    try {
      process.env["PULUMI_HOME"] = "/elsewhere";
      assert.deepEqual(pluginOf("1.2.3"), { version: "1.2.3", folder: "/elsewhere/plugins/resource-endow-local-v1.2.3" });
      delete process.env["PULUMI_HOME"];
      assert.ok(pluginOf("1.2.3").folder.endsWith("/.pulumi/plugins/resource-endow-local-v1.2.3"));
    } finally {
      if (PULUMI_HOME === undefined) delete process.env["PULUMI_HOME"];
      else process.env["PULUMI_HOME"] = PULUMI_HOME;
    }
  });

  it("asks for PULUMI_HOME if the system does not know the user, as in many containers", async function () {
    await skipUnlessAsNobody(this);
    const module = require.resolve("../../lib/internal/plugin");
    const script = `const { pluginOf } = require(${JSON.stringify(module)}); try { pluginOf("1") } catch (error) { console.log(error.message) }`;
    const user = ["--reuid=4294967", "--regid=4294967", "--clear-groups", process.execPath, "-e", script];
    const { stdout } = spawnSync("setpriv", user, { cwd: "/", env: { PATH: process.env["PATH"] }, encoding: "utf8" });
    assert.match(stdout, /^this user has no home folder[^]*fix: set PULUMI_HOME/);
  });
});
