import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import ts from "typescript";
import { makeProject, root, type Project } from "../support/package";
import { compileIn } from "./compiler";
import { APP, DEPLOYMENT, EXPORTED } from "./sources";

// Comparing one schema with the whole of zod's `ZodType` takes 77,000.
const FEW_INSTANTIATIONS = 15_000;

describe("the types of the packed package", function () {
  let project: Project;
  before(async () => {
    project = await makeProject();
    project.link("@pulumi/pulumi");
  });
  after(() => project?.remove());

  const compile = (files: Readonly<Record<string, string>>, options: ts.CompilerOptions) => compileIn(project, files, options);

  for (const [what, extensions, module, moduleResolution] of [
    ["ES modules and CommonJS modules of Node", ["mts", "cts"], ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
    ["a program as Pulumi's templates have it", ["ts"], ts.ModuleKind.CommonJS, ts.ModuleResolutionKind.Node10],
    ["a bundler", ["ts"], ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
  ] as const)
    it(`serve ${what}, refuse there what is wrong, and cost the compiler little`, () => {
      const files = extensions.flatMap((extension) => [
        [`app.${extension}`, APP],
        [`deployment.${extension}`, DEPLOYMENT],
      ]);
      const { said, instantiations } = compile(Object.fromEntries(files), { module, moduleResolution, noEmit: true });
      assert.deepEqual(
        Object.fromEntries(Object.entries(said).map(([file, { length }]) => [file, length])),
        Object.fromEntries(files.map(([file]) => [file, 1])),
        JSON.stringify(said, undefined, 2),
      );
      for (const extension of extensions) {
        assert.match(said[`app.${extension}`]?.[0] ?? "", /'other' falls back to 'nothing', which is not a setting of this group/);
        assert.match(said[`deployment.${extension}`]?.[0] ?? "", /^Property 'worker' does not exist/);
      }
      assert.ok(instantiations < FEW_INSTANTIATIONS, `${instantiations} instantiations`);
    });

  it("serve TypeScript 7 the same, which npm installs today", () => {
    const files = { "app.mts": APP, "deployment.mts": DEPLOYMENT, "app.cts": APP, "deployment.cts": DEPLOYMENT };
    const compilerOptions = { target: "es2023", module: "nodenext", strict: true, skipLibCheck: true, noEmit: true, types: ["node"] };
    const typeRoots = [path.join(root, "node_modules/@types")];
    project.write("seven/tsconfig.json", JSON.stringify({ compilerOptions: { ...compilerOptions, typeRoots }, files: Object.keys(files) }));
    for (const [name, source] of Object.entries(files)) project.write(`seven/${name}`, source);
    const tsc = path.join(root, "node_modules/typescript-native/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "--pretty", "false"], {
      cwd: path.join(project.folder, "seven"),
      encoding: "utf8",
    });
    const errors = stdout.split("\n").filter((line) => /error TS\d+/.test(line));
    const complained = new Set(errors.map((line) => /^\w+\.\w+/.exec(line)?.[0]));
    assert.deepEqual([complained, errors.length], [new Set(Object.keys(files)), 4], stdout);
    for (const line of errors) assert.match(line, /'other' falls back to 'nothing'|Property 'worker' does not exist/);
  });

  it("can be named in the declarations of a package of shared settings, which names none itself", () => {
    const options = { module: ts.ModuleKind.Preserve, moduleResolution: ts.ModuleResolutionKind.Bundler, declaration: true };
    assert.deepEqual(compile({ "settings.ts": EXPORTED }, options).said, {});
  });
});
