import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { version } from "../../../lib/internal/version";
import { root } from "../../support/package";

describe("endow setup", () => {
  let base: string;
  let home: string;
  let folder: string;
  before(() => {
    if (!existsSync(path.join(root, "dist/provider/main.js"))) throw new Error("dist/ is missing: run `npm run build` before these tests");
  });
  beforeEach(() => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-setup-")));
    home = path.join(base, "pulumi");
    folder = path.join(home, "plugins", `resource-endow-local-v${version()}`);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const setup = (...options: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, "dist/cli/main.js"), "setup", ...options], {
      cwd: base,
      env: { PATH: process.env["PATH"], PULUMI_HOME: home },
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };

  it("installs the provider once, and prints the next step", () => {
    const first = setup();
    assert.deepEqual([first.status, first.stderr], [0, ""]);
    assert.equal(
      first.stdout,
      `installed the Pulumi provider endow-local ${version()} in ${folder}\nnext: run \`pulumi up\` in the folder of your Pulumi program\n`,
    );
    assert.equal(statSync(path.join(folder, "pulumi-resource-endow-local")).mode & 0o111, 0o111);
    assert.match(setup().stdout, /^the Pulumi provider endow-local .+ is already installed in .+\nnext: /);
  });

  it("uninstalls it", () => {
    setup();
    assert.equal(setup("--remove").stdout, `removed the Pulumi provider endow-local ${version()} from ${folder}\n`);
    assert.ok(!existsSync(folder));
    assert.match(setup("--remove").stdout, /is not installed in .+: nothing to remove/);
  });

  it("prints its result as JSON", () => {
    const results = [setup("--json"), setup("--json"), setup("--remove", "--json"), setup("--remove", "--json")];
    for (const [index, result] of ["installed", "unchanged", "removed", "absent"].entries())
      assert.deepEqual(JSON.parse(results[index]?.stdout ?? ""), { result, version: version(), folder });
  });

  it("reports what is in the way", () => {
    writeFileSync(home, "");
    const { status, stdout, stderr } = setup();
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /cannot be installed in [^]*\(ENOTDIR\)\n {2}fix: move away the file[^]*\n {2}code: PLUGIN_NOT_INSTALLED/);
  });
});
