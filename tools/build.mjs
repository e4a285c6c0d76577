// Makes `dist/`, which is published, and `build/`, where every source file stands alone for the tests and benchmarks.
//   node tools/build.mjs          both
//   node tools/build.mjs --test   build/ only (no declarations: under a second)
//   ... --out DIR                 DIR instead of build/
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const dist = path.join(root, "dist");
const { values: options } = parseArgs({ options: { test: { type: "boolean" }, out: { type: "string", default: "build" } } });
const common = { absWorkingDir: root, platform: "node", target: "node20.19", logLevel: "warning", sourcemap: false };

const sources = (folder) =>
  readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));

const separately = () =>
  build({
    ...common,
    entryPoints: ["lib", "test", "bench"].flatMap(sources),
    outdir: options.out,
    outbase: ".",
    format: "cjs",
    sourcemap: "linked",
  });

/** What an app imports: zod stays outside, so that the app has one copy. */
const library = (format, outfile) => build({ ...common, entryPoints: ["lib/index.ts"], bundle: true, external: ["zod"], format, outfile });

/** Programs: everything bundled but zod and jiti, which loads a project's own files and brings its compiler along. */
const program = (entry, outfile) =>
  build({
    ...common,
    entryPoints: [entry],
    bundle: true,
    external: ["zod", "jiti"],
    format: "cjs",
    outfile,
    minifySyntax: true,
    minifyWhitespace: true,
  });

const declarations = () => {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tools/tsconfig.declarations.json"], {
    cwd: root,
    stdio: "inherit",
  });
  writeFileSync(path.join(dist, "index.d.mts"), 'export * from "./index.js";\n');
};

rmSync(path.join(root, options.out), { recursive: true, force: true });
await separately();
if (!options.test) {
  rmSync(dist, { recursive: true, force: true });
  await Promise.all([
    library("cjs", "dist/index.js"),
    library("esm", "dist/index.mjs"),
    program("lib/cli/main.ts", "dist/cli/main.js"),
    program("lib/supervisor/main.ts", "dist/supervisor/main.js"),
  ]);
  chmodSync(path.join(dist, "cli/main.js"), 0o755);
  declarations();
}
