import assert from "node:assert/strict";
import { count, insert } from "../../conformance/database";
import { statusOf } from "../../../lib/supervisor/client";
import { engine } from "../../support/engine";
import { type TestProject, withProject } from "../../support/project";
import { databaseOf, environmentOf, MANIFESTS } from "./shop";

const files = {
  ...MANIFESTS,
  "settings.js": `
    const { postgresUrl, settings } = require("endow");
    exports.shared = settings("shared", { databaseUrl: postgresUrl({ version: "17" }) });`,
  "index.js": `
    const { local, Project } = require("endow/pulumi");
    const { shared } = require("./settings");
    new Project("shop", { groups: [shared], environment: "development", target: () => local() });`,
};

const UP = ["up", "--yes", "--skip-preview"];

describe("two concurrent runs", () => {
  before(async function () {
    await engine(this);
  });

  it("of two stacks and of `endow dev`, all for one environment: they wait for each other and share one server", () =>
    withProject(files, async (project) => {
      await project.pulumi(["stack", "init", "other", "--no-select"]);
      await Promise.all([
        project.pulumi([...UP, "--stack", "development"]),
        project.pulumi([...UP, "--stack", "other"]),
        project.endow(["dev"]),
      ]);
      const database = await databaseOf(project);
      await insert(database);
      assert.equal((await runningIn(project)).length, 1);
      for (const stack of ["development", "other"]) await project.pulumi(["preview", "--expect-no-changes", "--stack", stack]);
      assert.equal(await count(database), 1);
      await destroy(project, "other");
      await destroy(project);
    }));

  it("of one stack, after `endow dev`: Pulumi admits one, and both ways use the same server, password and data", () =>
    withProject(files, async (project) => {
      await project.endow(["dev"]);
      const database = await databaseOf(project);
      await insert(database);
      const servers = await runningIn(project);

      const ended = await Promise.all([project.start(UP).finished, project.start(UP).finished]);
      const lost = ended.filter(({ code }) => code !== 0);
      // One may finish before the other starts.
      assert.ok(lost.length <= 1, lost.map(({ output }) => output).join("\n"));
      for (const { output } of lost) assert.match(output, /the stack is currently locked by 1 lock/);
      assert.equal((await databaseOf(project)).reveal(), database.reveal());
      assert.deepEqual(await runningIn(project), servers, "a server was restarted, or a second one started");

      assert.match(await project.endow(["status"]), /postgres .*running/);
      const env = JSON.parse(await project.endow(["env", "--json"], { reveals: true })) as Record<string, string>;
      assert.equal(env["DATABASE_URL"], database.reveal());
      const print = `process.stdout.write(process.env.DATABASE_URL)`;
      assert.equal(await project.endow(["run", "--", process.execPath, "-e", print], { reveals: true }), database.reveal());
      assert.match(await project.endow(["dev"]), /nothing changed/);
      await project.pulumi(["preview", "--expect-no-changes"]);
      assert.equal(await count(database), 1);

      await destroy(project);
      project.assertNoSecret([database.password.reveal(), database.reveal()], project.output());
    }));
});

/** Running servers, each with its process. */
const runningIn = async (project: TestProject): Promise<ReadonlyArray<{ readonly name: string; readonly pid: number | undefined }>> =>
  (await statusOf(environmentOf(project))).services.filter(({ status }) => status === "running").map(({ name, pid }) => ({ name, pid }));

const destroy = (project: TestProject, stack = "development"): Promise<string> =>
  project.pulumi(["destroy", "--yes", "--skip-preview", "--stack", stack]);
