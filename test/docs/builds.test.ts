import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { temporaryFolder } from "../support/local-server";
import { codeBlocks, readPages, root } from "../support/markdown";

const options = { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } };

describe("the configuration that docs/frameworks.md loads on first use", () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    place = await temporaryFolder("builds");
    const blocks = codeBlocks(readPages().get("docs/frameworks.md") ?? "");
    for (const name of ["config", "settings"]) {
      const block = blocks.find(({ text }) => text.startsWith(`// ${name}.ts`)) ?? assert.fail(name);
      await writeFile(path.join(place.folder, `${name}.js`), ts.transpileModule(block.text, options).outputText);
    }
    await writeFile(path.join(place.folder, "package.json"), '{ "type": "module" }');
    await mkdir(path.join(place.folder, "node_modules"));
    for (const name of ["endow", "zod"])
      await symlink(path.join(root, "node_modules", name), path.join(place.folder, "node_modules", name));
  });
  after(() => place.remove());

  /** Runs a module that imports the configuration, with these variables and no others. */
  const run = async (text: string, variables: Record<string, string> = {}): Promise<string> => {
    const file = path.join(place.folder, "main.js");
    await writeFile(file, `import { getConfig } from "./config.js";\n${text}`);
    const { stdout } = await promisify(execFile)(process.execPath, [file], { env: { NODE_ENV: "production", ...variables } });
    return stdout;
  };

  it("needs no value in a build, which imports it", async () => assert.equal(await run('console.log("built");'), "built\n"));

  it("needs its values at startup, and is loaded once", async () => {
    const start = "const [one, other] = await Promise.all([getConfig(), getConfig()]); console.log(one === other, one.databaseUrl.host);";
    await assert.rejects(run(start), ({ stderr }: { stderr: string }) => /SETTINGS_INVALID/.test(stderr) && /DATABASE_URL/.test(stderr));
    const url = `postgresql://shop:${randomBytes(16).toString("hex")}@db.internal/shop`;
    assert.equal(await run(start, { DATABASE_URL: url }), "true db.internal\n");
  });
});
