import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { existsSync } from "node:fs";
import path from "node:path";
import { providerProblems } from "../../../../lib/pulumi/targets/local/provider-found";
import { version } from "../../../../lib/internal/version";
import { withEnvironment } from "../../../support/with-environment";

const PROGRAM = "pulumi-resource-endow-local";
const HOST = "/app/node_modules/@pulumi/pulumi/cmd/run";

describe("the provider of this machine", () => {
  let folder = "";
  const started = process.cwd();
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "endow-provider-"));
    process.chdir(folder);
  });
  afterEach(async () => {
    process.chdir(started);
    await rm(folder, { recursive: true, force: true });
  });

  const problems = (env: NodeJS.ProcessEnv = {}, startedAs = HOST) => providerProblems({ PULUMI_HOME: folder, ...env }, startedAs);

  it("is reported missing in a program started by the engine's language host, with the command that installs it", () => {
    const [problem, ...others] = problems({ PATH: `${folder}${path.delimiter}` });
    assert.deepEqual(others, []);
    assert.equal(problem?.code, "PROVIDER_NOT_FOUND");
    assert.match(problem?.message ?? "", new RegExp(`endow-local ${version()}, .* is neither on PATH nor in `));
    assert.ok(problem?.message.includes(`${folder}/plugins/resource-endow-local-v`));
    assert.equal(problem?.fix, "run `npx endow setup` once");
    assert.equal(problems({}, "C:\\app\\node_modules\\@pulumi\\pulumi\\cmd\\run\\index.js").length, 1);
  });

  it("is searched for in the user's home folder from the system, as Pulumi does, unless PULUMI_HOME is set", () => {
    const restore = withEnvironment({ HOME: folder, PULUMI_HOME: undefined });
    try {
      const [problem] = problems({ PULUMI_HOME: undefined });
      const plugins = path.join(userInfo().homedir, ".pulumi", "plugins");
      // The user who runs this test may have installed the provider.
      const isInstalled = existsSync(path.join(plugins, `resource-endow-local-v${version()}`));
      assert.equal(problem?.message.includes(plugins), isInstalled ? undefined : true);
    } finally {
      restore();
    }
  });

  it("is found on PATH", async () => {
    await writeFile(path.join(folder, PROGRAM), "");
    assert.deepEqual(problems({ PATH: [path.join(folder, "none"), folder].join(path.delimiter) }), []);
  });

  it("is found where it is installed, in its own version", async () => {
    const plugin = path.join(folder, "plugins", `resource-endow-local-v${version()}`);
    await mkdir(plugin, { recursive: true });
    assert.equal(problems().length, 1);
    await writeFile(path.join(plugin, PROGRAM), "");
    assert.deepEqual(problems(), []);
  });

  it("is rejected where another user can change it", async () => {
    const plugin = path.join(folder, "plugins", `resource-endow-local-v${version()}`);
    await mkdir(plugin, { recursive: true });
    await writeFile(path.join(plugin, PROGRAM), "");
    for (const place of [path.dirname(plugin), plugin, path.join(plugin, PROGRAM)]) {
      await chmod(place, 0o777);
      const [problem, ...others] = problems();
      assert.deepEqual(others, []);
      assert.equal(problem?.code, "NOT_TRUSTED");
      assert.ok(problem.message.startsWith(`${place} can be changed by other users`), problem.message);
      assert.match(problem.fix, /^delete it: rm -r '.*', then run `npx endow setup`$|^remove write access for other users: chmod go-w '/);
      await chmod(place, 0o755);
    }
    assert.deepEqual(problems(), []);
  });

  it("is found where the project names it, from any folder of the project", async () => {
    await writeFile(path.join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    assert.equal(problems().length, 1);
    await writeFile(path.join(folder, "Pulumi.yaml"), "name: shop\nplugins:\n  providers:\n    - name: endow-local\n      path: ../bin\n");
    await mkdir(path.join(folder, "infra/src"), { recursive: true });
    process.chdir(path.join(folder, "infra/src"));
    assert.deepEqual(problems(), []);
  });

  it("is left to the engine in any other program, whose environment may differ from the engine's", () => {
    assert.deepEqual(problems({}, "/app/deploy.js"), []);
    assert.deepEqual(problems({}, ""), []);
  });
});
