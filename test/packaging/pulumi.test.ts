import assert from "node:assert/strict";
import { makeProject, type Project } from "../support/package";
import { assertDeployed, programs } from "./deployment";

describe("endow/pulumi of the packed package", () => {
  let project: Project;
  before(async () => {
    project = await makeProject();
    for (const [name, source] of Object.entries(programs)) project.write(name, source);
  });
  after(() => project?.remove());

  describe("without Pulumi", () => {
    it("says what is missing", () => {
      project.write("missing.mjs", `import("endow/pulumi").catch(({ code, message }) => console.log(code, message.split("\\n")[0]));`);
      assert.match(project.node(["missing.mjs"]), /^(ERR_)?MODULE_NOT_FOUND Cannot find (module|package) '@pulumi\/pulumi'/);
    });

    it("is not needed by an app", () => {
      project.write(
        "app.mjs",
        `import { settings } from "endow"; import { z } from "zod"; console.log(settings("a", { b: z.string() }).name);`,
      );
      assert.equal(project.node(["app.mjs"]).trim(), "a");
    });
  });

  describe("with Pulumi, and no cloud's package", () => {
    before(() => project.link("@pulumi/pulumi"));

    for (const name of Object.keys(programs)) {
      it(`deploys what the app's copy has declared, in ${name}`, () => assertDeployed(project.node([name])));
    }

    it("imports nothing but Pulumi, zod and itself", () => {
      project.write("only.cjs", `require("endow/pulumi"); console.log(Object.keys(require.cache).join("\\n"));`);
      const own = project
        .node(["only.cjs"])
        .trim()
        .split("\n")
        .filter((file) => file.includes("/node_modules/endow/"))
        .map((file) => file.split("/node_modules/endow/")[1]);
      assert.deepEqual(own, ["dist/pulumi/index.js"]);
    });
  });
});
