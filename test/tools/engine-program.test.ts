import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import path from "node:path";
import { engine } from "../support/engine";
import { type TestProject, withProject } from "../support/project";

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

const SECRET = "hidden from everybody";

describe("pulumi up in the folder of a program", function () {
  this.timeout(180_000);
  before(async function () {
    await engine(this);
  });

  it("runs one in TypeScript that is CommonJS, shows why it failed, and destroys without it", () =>
    withProject(commonJs, async (project) => {
      await deploy(project);
      project.write("word.ts", `throw new Error("the word is missing");`);
      await assert.rejects(project.pulumi(["up", "--yes", "--skip-preview"]), /the word is missing/);
      for (const file of ["package.json", "index.ts", "word.ts", "node_modules"]) rmSync(path.join(project.app, file));
      await destroy(project);
    }));

  it("runs one in TypeScript that is an ES module", () =>
    withProject(esModule, async (project) => {
      await deploy(project);
      await destroy(project);
    }));
});

/** Expects that the program has run with its configuration, changes nothing the second time, and shows no secret. */
const deploy = async (project: TestProject): Promise<void> => {
  await project.pulumi(["config", "set-all", "--plaintext", "name=somebody", "--secret", `key=${SECRET}`]);
  await project.pulumi(["up", "--yes", "--skip-preview"]);
  await project.pulumi(["preview", "--expect-no-changes"]);
  project.assertNoSecret([SECRET]);
  const shown = await project.pulumi(["stack", "output", "--json", "--show-secrets"]);
  assert.match(shown, new RegExp(`"hello somebody ${SECRET}"`));
};

const destroy = async (project: TestProject): Promise<void> =>
  assert.match(await project.pulumi(["destroy", "--yes"]), /Resources:\s+- 2 deleted/);
