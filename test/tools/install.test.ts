import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../support/package";
import { importTool } from "../support/tools";
import type * as Entries from "../../tools/entries.mjs";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: object;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const json = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), "utf8"));

describe("a clone", () => {
  let entries: readonly Entries.Entry[];
  before(async () => (entries = (await importTool<typeof Entries>("entries.mjs")).entries()));
  const examples = readdirSync(path.join(root, "examples")).map((name) => `examples/${name}`);

  for (const folder of [".", ...examples])
    it(`can be imported by its name in ${folder}`, () => {
      const names = entries.map(({ specifier }) => specifier);
      const program = `for (const name of ${JSON.stringify(names)}) require(name) && import(name);`;
      execFileSync(process.execPath, ["-e", program], { cwd: path.join(root, folder), stdio: "pipe" });
    });

  describe("that is installed, and then moved", () => {
    let home: string;
    before(() => (home = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-clone-")))));
    after(() => rmSync(home, { recursive: true, force: true }));

    /** With no dependency but the one on itself. */
    const makeClone = (folder: string): void => {
      const { name, version, exports, devDependencies } = json("package.json") as Manifest;
      const { packages } = json("package-lock.json") as { readonly packages: Readonly<Record<string, object>> };
      const own = { name, version, devDependencies: { [name]: devDependencies[name] } };
      const place = `node_modules/${name}`;
      const write = (file: string, content: object | string) => {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        writeFileSync(path.join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
      };
      write("package.json", { ...own, exports, scripts: { prepare: "exit 1" } });
      write("package-lock.json", { name, version, lockfileVersion: 3, packages: { "": own, [place]: packages[place] } });
      write("examples/shop/package.json", { name: "shop" });
      for (const { output } of entries) write(`${output}.js`, "");
      for (const file of ["root.mjs", "setup.mjs", "checks"])
        cpSync(path.join(root, "tools", file), path.join(folder, "tools", file), { recursive: true });
    };
    const install = (folder: string): string =>
      execFileSync(process.execPath, ["--input-type=module", "-e", `import { install } from "./tools/setup.mjs"; await install();`], {
        cwd: folder,
        env: { ...process.env, npm_config_offline: "true" },
        encoding: "utf8",
      });
    const assertFound = (folder: string): void => {
      const { resolve } = createRequire(path.join(folder, "examples/shop/index.js"));
      assert.deepEqual(
        entries.map(({ specifier }) => realpathSync(resolve(specifier))),
        entries.map(({ output }) => path.join(folder, `${output}.js`)),
      );
    };

    it("finds endow in its examples, and installs nothing again", () => {
      const [folder, moved] = [path.join(home, "endow"), path.join(home, "another name")];
      makeClone(folder);
      assert.match(install(folder), /npm ci/);
      assertFound(folder);
      renameSync(folder, moved);
      assert.equal(install(moved), "");
      assertFound(moved);
    });
  });
});
