import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { insert, refused } from "../../conformance/database";
import { engine } from "../../support/engine";
import { type TestProject, withProject } from "../../support/project";
import { registerSecret } from "../../support/secrets";
import { databaseOf, environmentOf, MANIFESTS, stateOf } from "./shop";

const files = {
  ...MANIFESTS,
  "settings.js": `
    const { postgresUrl, settings } = require("endow");
    exports.shared = settings("shared", { databaseUrl: postgresUrl({ version: "17" }) });`,
  "index.js": `
    const { local, Project } = require("endow/pulumi");
    const { shared } = require("./settings");
    new Project("shop", { groups: [shared], target: () => local() });`,
};

const PROVIDER = "pulumi-resource-endow-local";
const UP = ["up", "--yes", "--skip-preview"];
const DESTROY = ["destroy", "--yes", "--skip-preview", "--stack", "development"];

describe("pulumi as a user types it", () => {
  before(async function () {
    await engine(this);
  });

  it("says how to install the provider before anything is created, works once it is installed, and destroys when the app's folder is gone", () =>
    withProject(files, async (project) => {
      rmSync(path.join(project.bin, PROVIDER));
      const env = { PATH: withoutProvider(project) };
      const error = await failure(project, UP, env);
      assert.match(error, /the Pulumi provider endow-local .* is neither on PATH nor in .*resource-endow-local-v/);
      assert.match(error, /fix: run `npx endow setup` once/);
      assert.ok(!existsSync(stateOf(project)), "something was made");

      await project.endow(["setup"]);
      await project.pulumi(UP, { env });
      const database = await databaseOf(project);
      await insert(database);

      const folder = path.join(project.folder, "left");
      mkdirSync(folder);
      for (const name of ["Pulumi.yaml", "Pulumi.development.yaml"]) renameSync(path.join(project.app, name), path.join(folder, name));
      rmSync(project.app, { recursive: true });
      await project.pulumi(DESTROY, { folder, env });
      await project.assertNothingRuns();
      await refused(database);
      mkdirSync(project.app);
      project.assertNoSecret([database.password.reveal(), database.reveal()], project.output());
    }));

  it("creates nothing without the passphrase", () =>
    withProject(files, async (project) => {
      const error = await failure(project, UP, { PULUMI_CONFIG_PASSPHRASE: undefined });
      assert.match(error, /passphrase must be set with PULUMI_CONFIG_PASSPHRASE/);
      assert.ok(!existsSync(stateOf(project)), "something was made");
    }));

  it("shows the problems of a declaration, the fixes and the user's own line, without internal stack frames", () =>
    withProject(
      {
        ...files,
        "settings.js": `
          const { secret, settings } = require("endow");
          exports.shared = settings("shared", { apiToken: secret(), mailToken: secret() });`,
      },
      async (project) => {
        const token = registerSecret("a token that is in clear");
        await project.pulumi(["config", "set", "--plaintext", "MAIL_TOKEN", token]);
        const error = await failure(project, ["preview"]);
        const [, told = ""] = /Diagnostics:([^]*)Resources:/.exec(error) ?? [];
        const lines = told.split("\n").map((line) => line.trim());
        assert.deepEqual(lines.slice(lines.findIndex((line) => line.endsWith("Error: shop cannot be deployed:")) + 1).filter(Boolean), [
          "- MAIL_TOKEN is secret, but is stored in plaintext in the stack's configuration",
          "fix: treat it as leaked: rotate it, then run `pulumi config set --secret MAIL_TOKEN`",
          "- API_TOKEN must be configured",
          "fix: pulumi config set --secret API_TOKEN",
          `at Object.<anonymous> (${project.app}/index.js:4:5)`,
        ]);
        assert.ok(!error.includes(token), "the token is shown");
      },
    ));

  it("has the same servers as the commands in another package of the workspace", () =>
    withProject(files, async (project) => {
      const workspace = path.dirname(project.app);
      const manifest = { name: "shop", workspaces: ["*"], endow: { settings: path.join(path.basename(project.app), "settings.js") } };
      writeFileSync(path.join(workspace, "package.json"), JSON.stringify(manifest));
      const folder = path.join(workspace, "web");
      mkdirSync(folder);
      writeFileSync(path.join(folder, "package.json"), '{ "name": "web" }');
      await project.pulumi(UP);
      assert.match(await project.endow(["dev"], { folder }), /nothing changed: 1 server running/);
      assert.equal(readdirSync(path.join(stateOf(project), "endow")).length, 1);
      const { root } = JSON.parse(await project.endow(["status", "--json"])) as { readonly root: string };
      assert.equal(root, realpathSync(workspace));
      await project.pulumi(DESTROY);
      await project.endow(["dev", "--down", "--yes"], { folder });
    }));

  it("adopts an existing server, detects its drift, and refuses to import resources with passwords", () =>
    withProject(files, async (project) => {
      await project.endow(["dev"]);
      const database = await databaseOf(project);
      await insert(database);
      const server = path.join(environmentOf(project), "servers/postgres");
      const quietly = ["--yes", "--skip-preview", "--generate-code=false", "--protect=false"];
      await project.pulumi(["import", "endow-local:index:Server", "postgres", server, ...quietly]);
      assert.match(await project.pulumi(["stack", "export"]), /"running": true/);
      const lease = path.join(server, database.database);
      await assert.rejects(
        project.pulumi(["import", "endow-local:index:Lease", "shared.databaseUrl", lease, ...quietly]),
        /a lease cannot be imported[^]*`pulumi up` adopts what already exists/,
      );

      await project.endow(["dev", "--stop"]);
      await project.pulumi(["refresh", "--yes", "--skip-preview"]);
      assert.match(await project.pulumi(["stack", "export"]), /"running": false/);
      await project.pulumi(DESTROY);
      assert.ok(existsSync(server), "its data is gone");
    }));
});

/** PATH, without the folders that contain the provider. */
const withoutProvider = ({ environment }: TestProject): string =>
  (environment["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => !existsSync(path.join(folder, PROVIDER)))
    .join(path.delimiter);

/** Output of a failing command. */
const failure = async (project: TestProject, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> => {
  const { code, output } = await project.start(args, { env }).finished;
  assert.notEqual(code, 0, output);
  return output;
};
