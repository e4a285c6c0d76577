import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { count, insert, refused } from "../../conformance/database";
import { engine } from "../../support/engine";
import { root } from "../../support/package";
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
    new Project("shop", { settings: [shared], target: () => local() });`,
};

describe("pulumi as a user types it", function () {
  this.timeout(300_000);

  before(async function () {
    await engine(this);
  });

  it("says how to have the provider before anything is made, works once it is set up, and destroys when the app's folder is gone", () =>
    withProject(files, async (project) => {
      unlinkSync(path.join(project.bin, "pulumi-resource-endow-local"));
      const error = await failure(project, ["up", "--yes", "--skip-preview"]);
      assert.match(error, /the Pulumi provider endow-local .* is neither on PATH nor in .*resource-endow-local-v/);
      assert.match(error, /fix: run `npx endow setup` once/);
      assert.ok(!existsSync(stateOf(project)), "something was made");

      await project.endow(["setup"]);
      await project.pulumi(["up", "--yes", "--skip-preview"]);
      const database = await databaseOf(project);
      await insert(database);

      const left = path.join(project.folder, "left");
      mkdirSync(left);
      for (const name of ["Pulumi.yaml", "Pulumi.development.yaml"]) renameSync(path.join(project.app, name), path.join(left, name));
      rmSync(project.app, { recursive: true });
      await project.pulumi(["destroy", "--yes", "--skip-preview"], { folder: left });
      await project.assertNothingRuns();
      await refused(database);
      mkdirSync(project.app);
      project.assertNoSecret([database.password.reveal()], project.output());
    }));

  it("makes nothing without the passphrase", () =>
    withProject(files, async (project) => {
      const error = await failure(project, ["up", "--yes", "--skip-preview"], { PULUMI_CONFIG_PASSPHRASE: undefined });
      assert.match(error, /passphrase must be set with PULUMI_CONFIG_PASSPHRASE/);
      assert.ok(!existsSync(stateOf(project)), "something was made");
    }));

  it("shows what is wrong with a declaration, what to do, and the user's own line, and nothing of how it was found", () =>
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
        console.log(error);
      },
    ));

  it("takes over a server and a database that are there already, and refreshes them", () =>
    withProject(files, async (project) => {
      await project.endow(["dev"]);
      const database = await databaseOf(project);
      await insert(database);
      const folder = environmentOf(project);
      console.log(await project.pulumi(["import", "endow-local:index:Server", "postgres-17", path.join(folder, "servers/postgres-17"), "--yes", "--generate-code=false", "--protect=false"]));
      const name = database.database;
      console.log(await project.pulumi(["import", "endow-local:index:Lease", "shared.databaseUrl", path.join(folder, "servers/postgres-17", name), "--yes", "--generate-code=false", "--protect=false"]));
      console.log(await project.pulumi(["refresh", "--yes"]));
      console.log(await project.pulumi(["stack", "export"]));
      await project.pulumi(["destroy", "--yes", "--skip-preview"]);
      await project.assertNothingRuns();
    }));
});

/** What a command that fails prints. */
const failure = async (project: TestProject, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> => {
  const { code, output } = await project.start(args, { env }).finished;
  assert.notEqual(code, 0, output);
  return output;
};
