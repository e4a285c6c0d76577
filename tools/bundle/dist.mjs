// @ts-check
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { entries } from "../entries.mjs";
import { common } from "./common.mjs";
import { licensesOf } from "./licenses.mjs";
import { root } from "../root.mjs";

const dist = path.join(root, "dist");

/** Builds the published files: the library, the programs, the declarations, and the licences of bundled packages. */
export const buildDist = async () => {
  rmSync(dist, { recursive: true, force: true });
  const results = await Promise.all([
    ...entries().flatMap(({ source, output, formats }) =>
      formats.map((format) => library(source, format, `${output}.${format === "esm" ? "mjs" : "js"}`)),
    ),
    program("lib/cli/main.ts", "dist/cli/main.js"),
    program("lib/supervisor/main.ts", "dist/supervisor/main.js"),
    program("lib/pulumi/provider/main.ts", "dist/provider/main.js"),
    ...USED_LATER.map(packageOf),
  ]);
  for (const executable of ["cli/main.js", "provider/main.js"]) chmodSync(path.join(dist, executable), 0o755);
  copyFileSync(path.join(root, "node_modules/jiti/dist/babel.cjs"), path.join(dist, "cli/babel.cjs"));
  declarations();
  writeFileSync(path.join(dist, "third-party-licenses.txt"), licensesOf(results.map((result) => result.metafile)));
};

/**
 * Bundles what an app or a Pulumi program imports: zod and Pulumi stay external, so that there is one copy of each.
 * @param {string} entry @param {"cjs" | "esm"} format @param {string} outfile
 */
const library = (entry, format, outfile) =>
  build({
    ...common,
    entryPoints: [entry],
    bundle: true,
    external: ["zod", "@pulumi/*"],
    plugins: [onUse],
    format,
    outfile,
    metafile: true,
  });

/** Packages that only reading a workspace needs: files of their own, so that a Pulumi program does not compile them at its start. */
const USED_LATER = ["yaml", "minimatch"];

/** @param {string} name */
const packageOf = (name) =>
  build({
    ...common,
    stdin: { contents: `export * from ${JSON.stringify(name)};`, resolveDir: root },
    bundle: true,
    format: "cjs",
    outfile: `dist/vendor/${name}.js`,
    metafile: true,
  });

/** @type {import("esbuild").Plugin} */
const onUse = {
  name: "packages beside the library",
  setup: (builder) =>
    builder.onResolve({ filter: new RegExp(`^(?:${USED_LATER.join("|")})$`) }, ({ path: name }) => ({
      path: `../vendor/${name}.js`,
      external: true,
    })),
};

/**
 * Bundles a program with everything except jiti's compiler: it runs without any packages, whatever version of zod the app's settings use.
 * @param {string} entry @param {string} outfile
 */
const program = (entry, outfile) =>
  build({
    ...common,
    entryPoints: [entry],
    bundle: true,
    // Its ES module reads its own location, which is not available in a CommonJS bundle.
    alias: { jiti: "./node_modules/jiti/lib/jiti.cjs" },
    plugins: [compilerBeside],
    format: "cjs",
    outfile,
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
  });

/** jiti's compiler is 1.5 MB and needed only for TypeScript settings: it stays a separate file, read on use. @type {import("esbuild").Plugin} */
const compilerBeside = {
  name: "jiti's compiler beside the program",
  setup: (builder) => builder.onResolve({ filter: /\/babel\.cjs$/ }, () => ({ path: "./babel.cjs", external: true })),
};

const declarations = () => {
  const config = path.join(root, "node_modules/.cache/tsconfig.declarations.json");
  mkdirSync(path.dirname(config), { recursive: true });
  const files = entries().map(({ source }) => path.join(root, source));
  writeFileSync(config, JSON.stringify({ extends: "../../tools/tsconfig.declarations.json", include: [], files }));
  execFileSync(process.execPath, ["node_modules/typescript-native/bin/tsc", "-p", config], { cwd: root, stdio: "inherit" });
  writeFileSync(path.join(dist, "index.d.mts"), 'export * from "./index.js";\n');
};
