import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { loadGroups, locateApp } from "../../lib/workspace/app";
import { findDeclaration } from "../../lib/workspace/declaration";
import { temporary } from "./temporary";

const group = (name: string) => `settings("${name}", { ${name}Port: z.number().default(1) })`;
const head = 'import { settings } from "endow";\nimport { z } from "zod";\n';

describe("the settings file", () => {
  let place: ReturnType<typeof temporary>;
  beforeEach(() => (place = temporary()));
  afterEach(() => place.remove());
  const find = ({ given, configured }: { given?: string; configured?: string } = {}) => {
    place.write("package.json", JSON.stringify({ endow: { settings: configured } }));
    return findDeclaration({ folder: place.folder, root: place.folder, cwd: place.folder, given });
  };
  const load = async (file: string, text: string, env: Record<string, string> = {}) => {
    place.write("package.json", "{}");
    place.write(file, text);
    const { groups } = await loadGroups(locateApp({ cwd: place.folder }), { settings: path.join(place.folder, file) }, env);
    return groups.map(({ name }) => name);
  };

  it("is the one given, else the one that package.json names, else by convention", () => {
    const conventional = place.write("config/settings.mjs");
    assert.equal(find(), conventional);
    assert.equal(find(), conventional);
    const nearer = place.write("src/settings.cts");
    assert.equal(find(), nearer);
    const configured = place.write("deep/own.ts");
    assert.equal(find({ configured: "deep/own.ts" }), configured);
    assert.equal(find({ configured: "deep/own.ts", given: "src/settings.cts" }), nearer);
  });

  it("that is missing gives an error that lists the paths tried", () => {
    assert.throws(() => find(), {
      code: "DECLARATION_NOT_FOUND",
      message: /settings\.\{ts,mts,cts,js,mjs,cjs\} in \., src, infra, config/,
    });
    assert.throws(() => find({ given: "nope.ts" }), { code: "DECLARATION_NOT_FOUND", message: /nope\.ts.*--settings/ });
    assert.throws(() => find({ configured: "nope.ts" }), { code: "DECLARATION_NOT_FOUND", message: /package\.json/ });
  });

  it("may be TypeScript, an ES module or CommonJS, and the project need not have endow or zod", async () => {
    const esm = `${head}export const a = ${group("a")};\n`;
    for (const extension of ["ts", "mts", "js", "mjs"]) assert.deepEqual(await load(`s-${extension}.${extension}`, esm), ["a"]);
    assert.deepEqual(await load("s.cts", `${head}enum Mode { One }\nexport const a = ${group("a")} as object; void Mode.One;\n`), ["a"]);
    for (const zod of ["zod/v4", "zod/mini"])
      assert.deepEqual(
        await load(
          "other.ts",
          `import * as z from "${zod}";\n${head.split("\n")[0]}\nexport const a = settings("a", { x: z.number() });\n`,
        ),
        ["a"],
      );
    const cjs = `const { settings } = require("endow"); const { z } = require("zod");\n`;
    assert.deepEqual(await load("s.cjs", `${cjs}module.exports = { a: ${group("a")} };\n`), ["a"]);
    assert.deepEqual(await load("alone.cjs", `${cjs}module.exports = ${group("a")};\n`), ["a"]);
  });

  it("may use top-level await, import other files of the app, and use the paths of its tsconfig", async () => {
    place.write("tsconfig.json", '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }');
    place.write("lib/default.ts", "export const first: number = 1;\n");
    const text = `${head}import { first } from "@/default";\nconst second = await Promise.resolve(first);\nexport const a = settings("a", { x: z.number().default(second) });\n`;
    assert.deepEqual(await load("waits.ts", text), ["a"]);
  });

  it("uses the project's own endow and zod if installed", async () => {
    const modules = path.join(place.folder, "node_modules");
    mkdirSync(modules);
    symlinkSync(path.dirname(require.resolve("zod/package.json")), path.join(modules, "zod"));
    place.write("node_modules/endow/package.json", '{ "name": "endow", "main": "index.js" }');
    place.write(
      "node_modules/endow/index.js",
      `exports.settings = (name) => ({ type: "endow.group", name: "own-" + name, definitions: [], checks: [] });`,
    );
    assert.deepEqual(await load("s.ts", `${head}export const a = ${group("a")};\n`), ["own-a"]);
  });

  it("yields every group once: exported, in an array, in an object, as the default", async () => {
    const text = `${head}export const a = ${group("a")};\nconst b = ${group("b")};\nconst c = ${group("c")};\nexport const list = [a, b];\nexport default { c, a };\nexport const other = 3;\nexport const none = null;\n`;
    assert.deepEqual((await load("s.ts", text)).toSorted(), ["a", "b", "c"]);
  });

  it("that exports no group gives an error that lists its exports", async () => {
    await assert.rejects(load("s.ts", "export const a = 1; export const b = 2;\n"), { code: "DECLARATION_EMPTY", message: /exports a, b/ });
    await assert.rejects(load("empty.ts", "export {};\n"), { code: "DECLARATION_EMPTY", message: /exports nothing/ });
  });

  it("that does not compile gives an error with file, line, column and the compiler's message", async () => {
    await assert.rejects(load("s.ts", "export const a = {\n  b: 1\n  c: 2,\n};\n"), {
      code: "DECLARATION_NOT_COMPILED",
      message: /s\.ts:3:\d+: Unexpected token/,
    });
  });

  it("that throws gives an error with its line, and without the secrets in its message", async () => {
    const text = "const key: string = process.env.API_KEY ?? 'sk-from-environment';\n\nthrow new Error(`bad ${key}`);\n";
    await assert.rejects(load("s.ts", text, { API_KEY: "sk-from-environment" }), {
      code: "DECLARATION_THROWS",
      message: /s\.ts:3: bad \*\*\*\n/,
    });
    place.write(".env", "OTHER_TOKEN=from-dotenv\n");
    await assert.rejects(load("t.ts", "throw 'from-dotenv';\n"), { code: "DECLARATION_THROWS", message: /t\.ts: \*\*\*\n/ });
  });

  it("that imports a missing package gives an error that names it", async () => {
    await assert.rejects(load("s.ts", 'import { x } from "no-such-package";\nexport const a = x;\n'), {
      code: "DECLARATION_IMPORT",
      message: /no-such-package/,
    });
  });

  it("with an invalid declaration gives the declaration's own error", async () => {
    await assert.rejects(load("s.ts", `${head}export const a = settings("a", { apiKey: z.string() });\n`), { code: "DECLARATION_INVALID" });
  });

  it("that loads values on import is refused", async () => {
    const text = `import { settings, loadSync } from "endow";\nimport { z } from "zod";\nexport const a = settings("a", { x: z.string() });\nexport const config = loadSync(a, { env: {} });\n`;
    await assert.rejects(load("s.ts", text), { code: "DECLARATION_LOADS" });
  });
});
