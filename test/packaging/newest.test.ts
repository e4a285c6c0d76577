import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import path from "node:path";
import { engine } from "../support/engine";
import { newestPulumi, type NewestPulumi } from "../support/newest-pulumi";
import { makeProject, type Project } from "../support/package";
import { skipUnless } from "../support/prerequisite";
import { makeSandbox, type Sandbox } from "../support/sandbox";
import { assertDeployed, programs } from "./deployment";

/** Deploys a Redis of this machine, looks for changes, and destroys it. */
const WITH_ENGINE = `
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { redisUrl, settings } from "endow";
import { local, Project } from "endow/pulumi";

const shared = settings("shared", { redisUrl: redisUrl() });
const program = async () => {
  const shop = new Project("shop", { groups: [shared], target: () => local() });
  return { port: shop.group(shared).outputs.redisUrl.port };
};
const [workDir, root] = process.argv.slice(2);
const stack = await LocalWorkspace.createOrSelectStack(
  { stackName: "development", projectName: "shop", program },
  {
    workDir,
    secretsProvider: "passphrase",
    pulumiCommand: await PulumiCommand.get(root ? { root } : {}),
    projectSettings: { name: "shop", runtime: "nodejs" },
  },
);
try {
  const { outputs } = await stack.up();
  await stack.preview({ expectNoChanges: true });
  console.log(JSON.stringify({ node: process.version, port: outputs.port.value }));
} finally {
  await stack.destroy();
}
`;

describe("the newest Pulumi on Node 22", function () {
  this.timeout(600_000);
  let newest: NewestPulumi | undefined;
  let project: Project;
  let sandbox: Sandbox;

  before(async function () {
    newest = await newestPulumi();
    skipUnless(this, newest !== undefined, "the newest Pulumi cannot be had");
    project = await makeProject();
    symlinkSync(path.join(newest?.modules ?? "", "@pulumi"), path.join(project.folder, "node_modules/@pulumi"), "junction");
    sandbox = makeSandbox();
  });
  after(async () => {
    project?.remove();
    await sandbox?.remove();
  });

  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): string => {
    assert.ok(newest);
    const { status, stdout, stderr } = spawnSync(newest.node, args, {
      cwd: project.folder,
      env: { ...process.env, ...env },
      encoding: "utf8",
    });
    assert.equal(status, 0, `${stdout}\n${stderr}`);
    return stdout;
  };

  for (const [name, source] of Object.entries(programs)) {
    it(`takes our components with mocks, in ${name}`, () => {
      project.write(name, source);
      assertDeployed(run([name]));
    });
  }

  it("deploys real servers with an engine, sees no change, and destroys them", async function () {
    const { command } = await engine(this);
    const root = path.isAbsolute(command) ? path.resolve(command, "../..") : "";
    project.write("with-engine.mjs", WITH_ENGINE);
    const { PATH = "" } = sandbox.environment;
    // The provider runs with the Node that the engine finds first.
    const env = { ...sandbox.environment, PATH: [path.dirname(newest?.node ?? ""), PATH].join(path.delimiter) };
    const { node, port } = JSON.parse(run(["with-engine.mjs", sandbox.app, root], env)) as { node: string; port: number };
    assert.match(node, /^v22\./);
    assert.ok(port > 0);
    await sandbox.assertNothingRuns();
  });
});
