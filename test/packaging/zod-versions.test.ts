import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ts from "typescript";
import { makeProject, type Project, type ZodVersion } from "../support/package";
import { compileIn } from "./compiler";
import { assertLoads, declaring, env, loading } from "./program";
import { APP, EXPORTED, MINI, SHARED, VALUES, WITH_SHARED } from "./sources";

const formats = { esm: "mjs", cjs: "cjs" } as const;
const bundler = { module: ts.ModuleKind.Preserve, moduleResolution: ts.ModuleResolutionKind.Bundler } as const;

/** Where each version has zod 4. */
const moduleOf = (version: ZodVersion): string => (version === "zod-3.25" ? "zod/v4" : "zod");
const withZod = (source: string, version: ZodVersion): string => source.replace('from "zod"', `from "${moduleOf(version)}"`);

/** The version that endow uses, and the one with which the app declares its settings. */
const pairs: readonly (readonly [own: ZodVersion, app: ZodVersion])[] = [
  ["zod-3.25", "zod-3.25"],
  ["zod-4.0", "zod-4.0"],
  ["zod-4.0", "zod-3.25"],
  ["zod", "zod-4.0"],
  ["zod", "zod-3.25"],
  ["zod-3.25", "zod"],
];

for (const [own, app] of pairs)
  describe(`the packed package with ${own}, in an app with ${own === app ? "the same one" : app}`, () => {
    let project: Project;
    before(async () => {
      project = await makeProject(own);
      if (app !== own) project.link(app, "app", "zod");
    });
    after(() => project?.remove());

    for (const [format, extension] of Object.entries(formats) as ["esm" | "cjs", string][])
      it(`loads, ${format}`, () => {
        project.write(`app/settings.${extension}`, declaring(format, moduleOf(app)));
        project.write(`app/app.${extension}`, loading(format, `./settings.${extension}`));
        assertLoads(project.node([`app/app.${extension}`], env));
      });

    const mini = app === "zod-3.25" ? MINI.replace("zod/mini", "zod/v4-mini") : MINI;

    it("loads settings declared with zod/mini", () => {
      project.write("app/mini.mjs", mini);
      assert.equal(project.node(["app/mini.mjs"], { PORT: "80", TOKEN: "a text" }).trim(), '{"port":80,"token":"***","site":"x"}');
    });

    it("has types that accept the app's schemas, infer their values, and reject errors", () => {
      const files = {
        "app.ts": withZod(APP, app),
        "exported.ts": withZod(EXPORTED, app),
        "values.ts": withZod(VALUES, app),
        "mini.ts": mini,
      };
      const { said } = compileIn(project, Object.fromEntries(Object.entries(files).map(([name, text]) => [`app/${name}`, text])), bundler);
      assert.deepEqual(Object.keys(said), ["app.ts"], JSON.stringify(said, undefined, 2));
      assert.equal(said["app.ts"]?.length, 1, said["app.ts"]?.join("\n"));
      assert.match(said["app.ts"]?.[0] ?? "", /'other' falls back to 'nothing', which is not a setting of this group/);
    });
  });

describe("the packed package, declared with zod 3", () => {
  let project: Project;
  before(async () => {
    project = await makeProject("zod-3.25");
  });
  after(() => project?.remove());

  it("is reported once for each setting, however it is declared", () => {
    project.write(
      "three.mjs",
      `import { secret, setting, settings } from "endow";
       import { z } from "zod";
       import { z as z4 } from "zod/v4";
       try {
         settings("shop", {
           port: z.number(),
           site: setting(z.string().url(), { env: "SITE_URL" }),
           token: secret(z.string().min(4)),
           key: secret(z.string(), { env: "KEY" }).optional(),
           list: z4.array(z.string()),
           object: z4.object({ a: z4.object({ b: z.string() }) }),
           perhaps: z4.optional(z.string()),
           piped: z4.string().pipe(z.string()),
           account: secret(z4.object({ id: z.string() })),
           other: secret(z4.optional(z.string())),
           fine: z4.string(),
         });
       } catch (error) {
         console.log(JSON.stringify(error.problems.map(({ message, fix }) => message + "; " + fix)));
       }`,
    );
    const fix = 'import z from "zod/v4", or from "zod" where that is zod 4';
    assert.deepEqual(JSON.parse(project.node(["three.mjs"])), [
      `shop.port is a zod 3 schema; ${fix}`,
      `shop.site is a zod 3 schema; ${fix}`,
      `shop.token is a zod 3 schema; ${fix}`,
      `shop.key is a zod 3 schema; ${fix}`,
      ...["list", "object", "perhaps", "piped", "account", "other"].map((name) => `shop.${name} contains a zod 3 schema; ${fix}`),
    ]);
  });

  it("provides zod 4 to the settings of a project without zod", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "endow-no-zod-"));
    try {
      writeFileSync(path.join(folder, "package.json"), "{}");
      writeFileSync(
        path.join(folder, "settings.ts"),
        `import { settings } from "endow";
         import { z } from "zod";
         import { z as same } from "zod/v4";
         import * as mini from "zod/mini";
         export const app = settings("app", { port: z.number().default(1), site: same.string(), mode: mini.enum(["a"]) });`,
      );
      const command = path.join(project.folder, "node_modules/endow/dist/cli/main.js");
      const { stdout, stderr } = spawnSync(process.execPath, [command, "plan", "--json"], { cwd: folder, encoding: "utf8" });
      const { variables } = JSON.parse(stdout || stderr) as { readonly variables: readonly { readonly name: string }[] };
      assert.deepEqual(
        variables.map(({ name }) => name),
        ["PORT", "SITE", "MODE"],
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("is rejected by the types", () => {
    const { said } = compileIn(project, { "app.ts": APP }, bundler);
    assert.match(said["app.ts"]?.join("\n") ?? "", /Property '_zod' is missing|'_zod' does not exist/);
  });
});

describe("a package of shared settings that has its own endow and its own zod", () => {
  let project: Project;
  before(async () => {
    project = await makeProject();
    project.link("@pulumi/pulumi");
    project.copy("endow", "shared");
    project.link("zod-3.25", "shared", "zod");
  });
  after(() => project?.remove());

  it("is loaded, extended and deployed by an app with others, with all its types", () => {
    const files = { "shared/settings.ts": withZod(SHARED, "zod-3.25"), "app.ts": WITH_SHARED };
    assert.deepEqual(compileIn(project, files, bundler).said, {});
  });
});
