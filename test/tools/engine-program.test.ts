import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import path from "node:path";
import { engine } from "../support/engine";
import { withProject } from "../support/project";

const yaml = (runtime: string) => `name: shop\nruntime: ${runtime}\n`;

const commonJs = {
  "Pulumi.yaml": yaml("nodejs"),
  "package.json": JSON.stringify({ main: "index.ts" }),
  "index.ts": `
    import * as pulumi from "@pulumi/pulumi";
    import { word } from "./word";
    const config = new pulumi.Config();
    const stash = new pulumi.Stash("a", { input: pulumi.interpolate\`\${word} \${config.require("name")} \${config.requireSecret("key")}\` });
    export const output = stash.output;
  `,
  "word.ts": `export const word: string = "hello";`,
};

const esModule = {
  "Pulumi.yaml": yaml(`{ name: nodejs, options: { typescript: false, nodeargs: "--import tsx" } }`),
  "package.json": JSON.stringify({ type: "module", main: "index.ts" }),
  "index.ts": commonJs["index.ts"].replace("./word", "./word.js"),
  "word.ts": commonJs["word.ts"],
};

describe("pulumi up in the folder of a program", function () {
  this.timeout(180_000);
  before(async function () {
    await engine(this);
  });

  for (const [kind, files] of Object.entries({ CommonJS: commonJs, "an ES module": esModule }))
    it(`runs one in TypeScript that is ${kind}`, () =>
      withProject(files, async (project) => {
        await project.pulumi(["config", "set", "name", "somebody"]);
        await project.pulumi(["config", "set", "--secret", "key", "hidden from everybody"]);
        await project.pulumi(["up", "--yes"]);
        await project.pulumi(["preview", "--expect-no-changes"]);
        project.assertNoSecret(["hidden from everybody"]);
        const shown = await project.pulumi(["stack", "output", "--json", "--show-secrets"]);
        assert.match(shown, /"hello somebody hidden from everybody"/);
        assert.match(await project.pulumi(["destroy", "--yes"]), /Resources:\s+- 2 deleted/);
      }));

  it("shows why a program failed, and destroys without it", () =>
    withProject(commonJs, async (project) => {
      await project.pulumi(["config", "set", "name", "somebody"]);
      await project.pulumi(["config", "set", "--secret", "key", "hidden from everybody"]);
      await project.pulumi(["up", "--yes", "--skip-preview"]);
      project.write("word.ts", `throw new Error("the word is missing");`);
      await assert.rejects(project.pulumi(["up", "--yes", "--skip-preview"]), /the word is missing/);
      for (const file of ["package.json", "index.ts", "word.ts", "node_modules"]) rmSync(path.join(project.app, file));
      assert.match(await project.pulumi(["destroy", "--yes"]), /Resources:\s+- 2 deleted/);
    }));
});
