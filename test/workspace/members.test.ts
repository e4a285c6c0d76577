import assert from "node:assert/strict";
import { chownSync, symlinkSync } from "node:fs";
import path from "node:path";
import { findDeclaration } from "../../lib/workspace/declaration";
import { locateApp } from "../../lib/workspace/app";
import { readDotenv } from "../../lib/workspace/dotenv/dotenv";
import { skipUnless } from "../support/prerequisite";
import { temporary } from "./temporary";

const npm = (...workspaces: string[]) => ({ "package.json": JSON.stringify({ name: "acme", workspaces }) });
const pnpm = (...packages: string[]) => ({ "package.json": '{ "name": "acme" }', "pnpm-workspace.yaml": JSON.stringify({ packages }) });

/** Manifests of the root, packages that they list, and packages that they do not. */
const kinds: Readonly<Record<string, { root: Record<string, string>; inside: readonly string[]; outside: readonly string[] }>> = {
  "npm, and turbo on it": {
    root: { ...npm("apps/*", "./packages/**/", "single"), "turbo.json": "{}" },
    inside: ["apps/web", "packages", "packages/a/b", "single"],
    outside: ["apps/web/deep", "tools/x", "apps/.hidden", "packages/a/node_modules/b"],
  },
  "npm with an exclusion": { root: npm("apps/*", "!apps/old-*"), inside: ["apps/web"], outside: ["apps/old-one"] },
  "npm with an exclusion, and a later glob that lists one of its folders": {
    root: npm("apps/*", "!apps/old-*", "apps/old-but-kept"),
    inside: ["apps/web", "apps/old-but-kept"],
    outside: ["tools/x"],
  },
  Yarn: {
    root: { "package.json": '{ "name": "acme", "workspaces": { "packages": ["apps/{web,worker}"], "nohoist": ["**"] } }' },
    inside: ["apps/web", "apps/worker"],
    outside: ["apps/other"],
  },
  Bun: {
    root: { "package.json": '{ "name": "acme", "workspaces": { "packages": ["apps/*"], "catalog": { "zod": "4" } } }', "bun.lock": "" },
    inside: ["apps/web"],
    outside: ["tools/x"],
  },
  "pnpm, whose exclusions count wherever they stand": {
    root: pnpm("!apps/old-*", "apps/*", "services/**"),
    inside: ["apps/web", "services", "services/a/b"],
    outside: ["apps/old-one", "tools/x"],
  },
  "pnpm in YAML as people write it": {
    root: {
      "package.json": '{ "name": "acme" }',
      "pnpm-workspace.yaml": "# ours\npackages:\n  - apps/*   # all\n  - '!**/test/**'\ncatalog:\n  zod: ^4\n",
    },
    inside: ["apps/web"],
    outside: ["apps/test/x", "tools/x"],
  },
  "pnpm, for its other settings only": {
    root: { "package.json": '{ "name": "acme" }', "pnpm-workspace.yaml": "onlyBuiltDependencies: [esbuild]\n" },
    inside: [],
    outside: ["apps/web"],
  },
  "pnpm with an empty file": {
    root: { "package.json": '{ "name": "acme" }', "pnpm-workspace.yaml": "" },
    inside: [],
    outside: ["apps/web"],
  },
  uv: {
    root: {
      "pyproject.toml": '[project]\nname = "acme"\n[tool.uv.workspace]\nmembers = ["services/*", "lib"]\nexclude = ["services/old"]\n',
    },
    inside: ["services/api", "lib"],
    outside: ["services/old", "services/api/deep"],
  },
  "uv with a star in an exclusion": {
    root: { "pyproject.toml": '[project]\nname = "acme"\n[tool.uv.workspace]\nmembers = ["services/**"]\nexclude = ["services/ol*"]\n' },
    inside: ["services/api", "services/api/deep"],
    outside: ["services/old", "services/old/deep"],
  },
  "npm and uv beside each other": {
    root: { ...npm("apps/*"), "pyproject.toml": '[tool.uv.workspace]\nmembers = ["services/*"]\n' },
    inside: ["apps/web", "services/api"],
    outside: ["tools/x"],
  },
};

describe("the root of a workspace", () => {
  let place: ReturnType<typeof temporary>;
  beforeEach(() => (place = temporary()));
  afterEach(() => place.remove());
  const at = (...parts: string[]) => path.join(place.folder, ...parts);
  const writeAll = (files: Readonly<Record<string, string>>) => Object.entries(files).forEach(([file, text]) => place.write(file, text));
  const locate = (folder: string, project?: string) => locateApp({ cwd: at(folder), project });

  for (const [kind, { root, inside, outside }] of Object.entries(kinds))
    it(`is the folder that lists the package: ${kind}`, () => {
      writeAll(root);
      for (const folder of [...inside, ...outside]) place.write(`${folder}/package.json`, JSON.stringify({ name: path.basename(folder) }));
      for (const folder of inside) {
        const { root: found, folder: own, project } = locate(folder);
        assert.deepEqual([found, own, project], [at(), at(folder), "acme"], folder);
      }
      for (const folder of outside) {
        const { root: found, folder: own } = locate(folder);
        assert.deepEqual([found, own], [at(folder), at(folder)], folder);
      }
      assert.equal(locate("").project, "acme");
    });

  it("is that of Nx for every project in it, with or without a package.json", () => {
    writeAll({ "nx.json": "{}", "package.json": '{ "name": "acme" }', "apps/web/project.json": "{}", "apps/web/src/app/file": "" });
    writeAll({ "apps/api/project.json": "{}", "apps/api/package.json": "{}", "apps/other/package.json": "{}", "alone/x/file": "" });
    for (const folder of ["apps/web", "apps/web/src/app", "apps/api"]) assert.equal(locate(folder).root, at(), folder);
    assert.equal(locate("apps/web/src/app").folder, at("apps/web"));
    assert.equal(locate("apps/other").root, at("apps/other"));
    assert.equal(locate("alone/x").root, at(), "a folder of the root's own package");
  });

  it("is the nearest one that lists the package, in nested workspaces", () => {
    writeAll({ ...npm("libs/*", "inner/extra"), "inner/package.json": '{ "name": "inner", "workspaces": ["apps/*"] }' });
    writeAll({ "inner/apps/web/package.json": "{}", "inner/extra/package.json": "{}", "libs/a/package.json": "{}" });
    assert.deepEqual(
      ["inner/apps/web", "inner/extra", "inner", "libs/a"].map((folder) => locate(folder).root),
      [at("inner"), at(), at("inner"), at()],
    );
  });

  it("is the same through a package manager's symlink", () => {
    writeAll({ ...npm("apps/*"), "apps/web/package.json": "{}", "node_modules/@acme/file": "" });
    symlinkSync(at("apps/web"), at("node_modules/@acme/web"));
    const { root, folder } = locate("node_modules/@acme/web");
    assert.deepEqual([root, folder], [at(), at("apps/web")]);
  });

  it("is the package if its manifest says so, which then has its own name", () => {
    writeAll({ ...npm("apps/*"), "apps/web/package.json": '{ "name": "web", "endow": { "workspace": false, "project": "own" } }' });
    writeAll({ "apps/api/pyproject.toml": '[project]\nname = "api"\n[tool.endow]\nworkspace = false\n' });
    assert.deepEqual([locate("apps/web").root, locate("apps/web").project], [at("apps/web"), "own"]);
    assert.deepEqual([locate("apps/api").root, locate("apps/api").project], [at("apps/api"), "api"]);
  });

  it("names the project once, for all packages", () => {
    writeAll({ "apps/web/package.json": '{ "name": "web" }', "apps/api/pyproject.toml": '[project]\nname = "api"\n' });
    place.write("package.json", '{ "name": "monorepo", "workspaces": ["apps/*"], "endow": { "project": "shop" } }');
    for (const folder of ["", "apps/web", "apps/api"]) {
      assert.equal(locate(folder).project, "shop", folder);
      assert.equal(locate(folder, "other").project, "other", folder);
    }
    place.write("package.json", '{ "workspaces": ["apps/*"], "endow": { "project": "my shop" } }');
    assert.throws(() => locate("apps/web"), { code: "PROJECT_NAME", message: /package\.json/ });
    place.write("package.json", '{ "workspaces": ["apps/*"] }');
    place.write("pyproject.toml", '[tool.endow]\nproject = "python-shop"\n');
    assert.equal(locate("apps/web").project, "python-shop");
    place.write("apps/web/package.json", '{ "endow": { "project": "web" } }');
    assert.throws(() => locate("apps/web"), { code: "PROJECT_IN_PACKAGE", message: /apps\/web\/package\.json.*"workspace": false/s });
    assert.equal(locate("apps/api").project, "python-shop");
  });

  it("is not a folder with a broken manifest, which the error names", () => {
    place.write("apps/web/package.json", "{}");
    for (const [file, text] of [
      ["package.json", '{ "workspaces": "apps/*" }'],
      ["package.json", '{ "workspaces": [3] }'],
      ["pnpm-workspace.yaml", "packages: apps/*"],
      ["pnpm-workspace.yaml", "packages: [apps/*"],
      ["pyproject.toml", "[tool.uv.workspace]\nmembers = 3\n"],
      ["package.json", `{ "workspaces": ["${"{a,".repeat(2_000)}"] }`],
    ] as const) {
      place.write(file, text);
      assert.throws(() => locate("apps/web"), { code: "MANIFEST_INVALID", message: new RegExp(file) }, text);
      place.write(file, file === "package.json" ? "{}" : "");
    }
  });

  it("is never a folder whose manifest another user put above the package", function () {
    skipUnless(this, process.getuid?.() === 0, "only root can give a file to another user");
    writeAll({ ...npm("apps/*"), "apps/web/package.json": "{}" });
    chownSync(at("package.json"), 4_711, 4_711);
    assert.equal(locate("apps/web").root, at("apps/web"));
    for (const file of ["apps/web", "apps/web/package.json"]) chownSync(at(file), 4_711, 4_711);
    assert.equal(locate("apps/web").root, at(), "both are the same user's");
  });

  it("is where the settings file is looked for last", () => {
    writeAll({ ...npm("apps/**"), "apps/deep/web/package.json": "{}" });
    const find = () => findDeclaration(locate("apps/deep/web"));
    assert.throws(find, { code: "DECLARATION_NOT_FOUND", message: /apps\/deep\/web or above it, up to / });
    for (const file of ["config/settings.mjs", "src/settings.ts", "apps/settings.ts", "apps/deep/web/infra/settings.ts"])
      assert.equal(place.write(file), find());
    place.write("package.json", JSON.stringify({ workspaces: ["apps/**"], endow: { settings: "packages/config/src/settings.ts" } }));
    assert.throws(find, { code: "DECLARATION_NOT_FOUND", message: /packages\/config\/src\/settings\.ts.*package\.json/ });
    assert.equal(place.write("packages/config/src/settings.ts"), find());
    place.write("apps/deep/web/pyproject.toml", '[tool.endow]\nsettings = "declared/own.ts"\n');
    assert.equal(place.write("apps/deep/web/declared/own.ts"), find());
  });

  it("is where no settings file is looked for above", () => {
    place.write("outer/settings.ts");
    writeAll({ "outer/repo/package.json": '{ "workspaces": ["apps/*"] }', "outer/repo/apps/web/package.json": "{}" });
    assert.throws(() => findDeclaration(locate("outer/repo/apps/web")), { code: "DECLARATION_NOT_FOUND" });
  });

  it("has .env files that count after those of the package", () => {
    writeAll({ ...npm("apps/*"), "apps/web/package.json": "{}", ".env": "A=root\nB=root\n", ".env.local": "C=root\n" });
    writeAll({ "apps/web/.env": "A=package\n" });
    const { find } = readDotenv({ ...locate("apps/web"), env: {} });
    const files = ["A", "B", "C"].map((name) => {
      const value = find(name);
      return value && "text" in value ? [value.text, value.file] : undefined;
    });
    assert.deepEqual(files, [
      ["package", ".env"],
      ["root", "../../.env"],
      ["root", "../../.env.local"],
    ]);
  });
});
