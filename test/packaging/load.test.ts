import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { makeProject, root, type Project } from "../support/package";
import { assertLoads, declaring, env, loading } from "./program";

type Format = "esm" | "cjs";
const extension = { esm: "mjs", cjs: "cjs" } as const;
const formats = ["esm", "cjs"] as const;

describe("the packed package", () => {
  let project: Project;
  before(async () => {
    project = await makeProject();
    for (const format of formats) {
      const name = extension[format];
      project.write(`settings.${name}`, declaring(format));
      project.write(`app.${name}`, loading(format, `./settings.${name}`));
    }
  });
  after(() => project?.remove());

  const bundle = async (entry: string, format: Format): Promise<string> => {
    const outfile = path.join(project.folder, "bundled", format, `${path.basename(entry)}.${extension[format]}`);
    await build({
      entryPoints: [path.join(project.folder, entry)],
      bundle: true,
      platform: "node",
      format,
      outfile,
      logLevel: "silent",
      minify: true,
    });
    return outfile;
  };

  for (const format of formats) {
    it(`is plain ASCII, which Node decodes and compiles faster, ${format}`, () => {
      const file = path.join(project.folder, "node_modules/endow/dist", format === "esm" ? "index.mjs" : "index.js");
      assert.ok(readFileSync(file).every((byte) => byte < 0x80));
    });

    it(`loads in a program of Node, ${format}`, () => assertLoads(project.node([`app.${extension[format]}`], env)));
  }

  for (const [format, type] of [
    ["esm", "module"],
    ["cjs", "commonjs"],
  ] as const) {
    it(`loads in a program of tsx, ${format}`, () => {
      project.write(`${type}/package.json`, JSON.stringify({ type }));
      project.write(`${type}/settings.ts`, declaring("esm"));
      const app = project.write(`${type}/app.ts`, loading("esm", "./settings.js"));
      assertLoads(project.node([path.join(root, "node_modules/tsx/dist/cli.mjs"), app], env));
    });
  }

  // A CommonJS program cannot become an ES module: its require() of Node's own modules has no counterpart there.
  for (const [from, to] of [
    ["esm", "esm"],
    ["esm", "cjs"],
    ["cjs", "cjs"],
  ] as const) {
    it(`loads in a minified bundle, from ${from} to ${to}`, async () => {
      assertLoads(project.node([await bundle(`app.${extension[from]}`, to)], env));
    });
  }

  it("tells an asynchronous check apart in a minified bundle", async () => {
    project.write(
      "slow.mjs",
      `import { loadSync, settings } from "endow";
       import { z } from "zod";
       try { loadSync(settings("a", { port: z.number().refine(async () => true) }), { env: { PORT: "1" } }); }
       catch (error) { console.log(error.code); }`,
    );
    assert.equal(project.node([await bundle("slow.mjs", "esm")]).trim(), "ASYNC_CHECK");
  });

  it("loads as ESM what was declared as CommonJS, and the other way round", () => {
    project.write("mixed.mjs", loading("esm", "./settings.cjs"));
    assertLoads(project.node(["mixed.mjs"], env));
    project.write(
      "mixed.cjs",
      `import("./settings.mjs").then(({ shared }) => { globalThis.shared = shared; require("./mixed-app.cjs"); });`,
    );
    project.write("mixed-app.cjs", loading("cjs", "./mixed-settings.cjs"));
    project.write("mixed-settings.cjs", "module.exports = { shared: globalThis.shared };");
    assertLoads(project.node(["mixed.cjs"], env));
  });

  for (const copies of [["zod"], ["endow"], ["endow", "zod"]] as const)
    describe(`with another copy of ${copies.join(" and ")}`, () => {
      const folder = `second-${copies.join("-")}`;
      before(() => {
        for (const name of copies) project.copy(name, folder);
      });

      for (const format of formats)
        it(`loads what was declared with that one, ${format}`, () => {
          const name = extension[format];
          project.write(`${folder}/settings.${name}`, declaring(format));
          project.write(`${folder}.${name}`, loading(format, `./${folder}/settings.${name}`));
          assertLoads(project.node([`${folder}.${name}`], env));
        });
    });

  it("knows secrets, groups and errors of another copy", () => {
    project.copy("endow", "second");
    project.write("second/endow.cjs", `module.exports = require("endow");`);
    project.write(
      "copies.cjs",
      `const one = require("endow"), two = require("./second/endow.cjs");
       const { z } = require("zod");
       const shared = two.settings("shared", { token: two.secret(), url: two.postgresUrl() });
       const web = one.settings.extend(shared, "web", { port: z.number(), other: one.secret({ fallback: "token" }) });
       const config = one.fake(web, { port: 1, token: new two.Secret("a") });
       let code; try { one.loadSync(web, { env: {} }); } catch (error) { code = error.code; }
       console.log(JSON.stringify([
         one.Secret === two.Secret, new one.Secret("a").equals(new two.Secret("a")), new one.Secret("a").equals(new two.Secret("b")),
         config.other.reveal(), JSON.stringify(config.url), code,
         require("endow/plan").plan({ project: "p", groups: [shared, web], environment: "dev" }).variables.length,
       ]));`,
    );
    assert.deepEqual(JSON.parse(project.node(["copies.cjs"])), [false, true, false, "a", '"***"', "SETTINGS_INVALID", 4]);
  });

  it("imports nothing but zod and itself", () => {
    project.write(
      "hooks.mjs",
      `import { writeSync } from "node:fs"; export const load = (url, context, next) => (writeSync(1, url + "\\n"), next(url, context));`,
    );
    project.write("register.mjs", `import { register } from "node:module"; register("./hooks.mjs", import.meta.url);`);
    project.write("only.mjs", `import "endow";`);
    const modules = project.node(["--import", "./register.mjs", "only.mjs"]).trim().split("\n");
    project.write("only.cjs", `require("endow"); console.log(Object.keys(require.cache).join("\\n"));`);
    const required = project.node(["only.cjs"]).trim().split("\n");
    for (const [list, own] of [
      [modules, "dist/index.mjs"],
      [required, "dist/index.js"],
    ] as const) {
      const others = list.filter((name) => !/\/node_modules\/zod\/|\/only\.[cm]js$|^node:/.test(name));
      assert.deepEqual(
        others.map((name) => name.split("/node_modules/endow/")[1]),
        [own],
      );
    }
  });

  it("needs no value to be imported: a build has no secrets", () => {
    for (const format of formats) {
      project.write(`builds.${extension[format]}`, format === "esm" ? `import "./settings.mjs";` : `require("./settings.cjs");`);
      assert.equal(project.node([`builds.${extension[format]}`]), "");
    }
  });
});
