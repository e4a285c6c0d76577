import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { fromNpm } from "../support/from-npm";
import { makeProject, type Project } from "../support/package";
import { skipUnless } from "../support/prerequisite";
import { PATIENCE } from "../support/supervised";
import { assertLoads, declaring, env, failing, loading, printing } from "./program";

/** The program in a package's folder for this system, which npm chooses. */
const programOf = async (specifier: string, scope: string, file: string): Promise<string | undefined> => {
  const modules = await fromNpm(specifier.replace("@", "-"), [specifier]);
  const [system] = modules === undefined ? [] : readdirSync(path.join(modules, scope));
  return modules === undefined || system === undefined ? undefined : path.join(modules, scope, system, file);
};

/** Each runtime's command, to which the app's file is added. Its program is `undefined` if it cannot be had. */
const runtimes: Readonly<Record<string, () => Promise<readonly [program: string | undefined, ...string[]]>>> = {
  node: async () => [process.execPath],
  bun: async () => [await programOf("bun@1.4.5", "@oven", "bin/bun")],
  // Reading a file below /dev, where the temporary folder may be, needs every permission.
  deno: async () => [await programOf("deno@2.9.6", "@deno", "deno"), "run", "--quiet", "--no-prompt", "--allow-all"],
};

const formats = { esm: "mjs", cjs: "cjs" } as const;

for (const [name, find] of Object.entries(runtimes))
  describe(`the packed package in ${name}`, () => {
    let project: Project;
    let program = "";
    let args: readonly string[] = [];
    before(async function () {
      [program = "", ...args] = await find();
      skipUnless(this, program !== "", `${name} cannot be had`);
      project = await makeProject();
      project.write("package.json", "{}");
      for (const [format, extension] of Object.entries(formats) as ["esm" | "cjs", string][]) {
        project.write(`settings.${extension}`, declaring(format));
        project.write(`app.${extension}`, loading(format, `./settings.${extension}`));
        project.write(`printing.${extension}`, printing(format, `./settings.${extension}`));
        project.write(`failing.${extension}`, failing(format, `./settings.${extension}`));
      }
    });
    after(() => project?.remove());

    const run = (file: string, given: Readonly<Record<string, string>> = env) =>
      spawnSync(program, [...args, file], {
        cwd: project.folder,
        encoding: "utf8",
        timeout: PATIENCE,
        env: { PATH: process.env["PATH"], HOME: project.folder, NO_COLOR: "1", ...given },
      });

    if (name !== "node")
      it("rejects the commands, which require Node", () => {
        const { stderr, status } = run("node_modules/endow/dist/cli/main.js");
        assert.equal(status, 1, stderr);
        assert.match(
          stderr,
          new RegExp(`^error: endow's commands run in Node, but this is ${name} [\\d.]+\n  fix: .+\n  code: NOT_NODE$`, "m"),
        );
      });

    it("reads a value from a file, and from a store on this machine", () => {
      const { TOKEN: token, ...others } = env;
      const file = project.write("token", `${token}\n`);
      const store = project.write("store.json", JSON.stringify(others));
      chmodSync(store, 0o600);
      const { stdout, stderr, status } = run("app.mjs", { TOKEN_FILE: file, ENDOW_SHARED: pathToFileURL(store).href });
      assert.equal(status, 0, stderr);
      assertLoads(stdout);
    });

    for (const [format, extension] of Object.entries(formats)) {
      it(`loads values and reports problems, ${format}`, () => {
        const { stdout, stderr, status } = run(`app.${extension}`);
        assert.equal(status, 0, stderr);
        assertLoads(stdout);
      });

      it(`prints no secret in any way, ${format}`, () => {
        const { stdout, stderr, status } = run(`printing.${extension}`);
        assert.equal(status, 0, stderr);
        assert.ok(stdout.trimEnd().endsWith("all is printed"), stdout);
        assert.ok(!(stdout + stderr).includes("hUnTeR2"), "a secret is printed");
        // Of the ways that show a value at all, each shows a mask.
        for (const way of ["String", "JSON", "inspect", "own", "console.log"])
          assert.match(stdout, new RegExp(`^${way}: "?\\*\\*\\*"?$`, "m"));
      });

      it(`ends with an error that names each problem and no value, ${format}`, () => {
        const { stdout, stderr, status } = run(`failing.${extension}`, { TOKEN: "qzjw-xkvv", SITE: "qzjw", PORT: "1" });
        assert.notEqual(status, 0);
        const told = stdout + stderr;
        for (const text of [
          "SettingsError",
          "Development configuration errors:",
          "SITE must be a valid URL",
          "DATABASE_URL must be configured",
        ])
          assert.ok(told.includes(text), told);
        assert.doesNotMatch(told, /qzjw|xkvv/);
      });
    }
  });
