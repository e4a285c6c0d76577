import assert from "node:assert/strict";
import { freePort } from "../../lib/local/ports";
import { engine } from "../support/engine";
import { withProject } from "../support/project";
import { pythonWith } from "../support/python";
import { filesOf, outputOf, takeDown, valuesOf } from "./example";

const files = filesOf("python-api");

describe("examples/python-api with Pulumi", () => {
  let python = "";

  before(async function () {
    await engine(this);
    const found = await pythonWith((files["requirements.txt"] ?? "").trim().split("\n"));
    if (found === undefined) this.skip();
    python = found;
  });

  it("keeps notes in its database after `pulumi up`, from plain environment variables", () =>
    withProject(files, async (project) => {
      await project.pulumi(["config", "set-all", "--plaintext", `python=${python}`, "--plaintext", `port=${await freePort()}`]);
      await project.pulumi(["up", "--yes", "--skip-preview"]);
      const url = await outputOf(project, "url");
      const headers = { "content-type": "application/json" };
      const added = await fetch(`${url}/notes`, { method: "POST", headers, body: JSON.stringify({ text: "hello" }) });
      assert.deepEqual([added.status, await added.json()], [201, { id: 1, text: "hello" }]);
      assert.deepEqual(await (await fetch(`${url}/notes`)).json(), [{ id: 1, text: "hello" }]);
      assert.deepEqual(await (await fetch(`${url}/visits`, { method: "POST" })).json(), { visits: 1 });

      await project.pulumi(["preview", "--expect-no-changes"]);
      const { DATABASE_URL = "" } = await valuesOf(project, ["DATABASE_URL"]);
      assert.match(DATABASE_URL, /^postgresql\+asyncpg:/);
      project.assertNoSecret([new URL(DATABASE_URL).password], project.output());
      await takeDown(project);
    }));
});
