import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { figure, paired, type Row } from "./measure";

const root = path.resolve(__dirname, "../..");

const PULUMI = `
import * as pulumi from "@pulumi/pulumi";
export class Own extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("own:index:Own", name, {}, opts);
  }
}
export const text = new Own("own").urn.apply((urn) => urn.length);
`;

const programs = {
  "@pulumi/pulumi alone": PULUMI,
  "@pulumi/pulumi and zod": `${PULUMI}
import { z } from "zod";
export const shape = z.object({ port: z.number().default(8000), mode: z.enum(["a", "b"]) });
export const mode = shape.parse({}).mode;
`,
  "endow/pulumi": `${PULUMI}
import { apiKeys, bucket, postgresUrl, redisUrl, secret, settings } from "endow";
import { app, local, Project } from "endow/pulumi";
import { z } from "zod";
export const shared = settings("shared", {
  databaseUrl: postgresUrl({ version: "17" }),
  redisUrl: redisUrl(),
  uploads: bucket(),
  token: secret().optional(),
  keys: apiKeys({ requiredIn: ["production"] }),
  port: z.number().default(8000),
  mode: z.enum(["a", "b"]).default("a"),
}, { requiredWhen: { token: { mode: "b" } } });
const shop = new Project("shop", {
  groups: [shared],
  target: () => local(),
  apps: { web: app({ command: ["node", "server.js"], port: 8000, reads: [shared] }) },
});
export const url: pulumi.Output<string> = shop.apps.web.url;
export const host: pulumi.Output<string> = shop.group(shared).outputs.databaseUrl.host;
`,
};
type Program = keyof typeof programs;

interface Checks {
  readonly runs: number;
  /** Whether package declarations are trusted, as in most projects. */
  readonly skipLibCheck: boolean;
}

/** Compares `tsc --noEmit` of a Pulumi program that uses endow with one that uses only Pulumi, and one that uses Pulumi and zod. */
export const types = async (): Promise<readonly Row[]> => {
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), "endow-types-"));
  try {
    prepare(folder);
    return [
      ...(await compared(folder, "@pulumi/pulumi alone", "at most 1.1x", { runs: 7, skipLibCheck: true })),
      ...(await compared(folder, "@pulumi/pulumi and zod", "", { runs: 7, skipLibCheck: true })),
      ...(await compared(folder, "@pulumi/pulumi and zod", "", { runs: 3, skipLibCheck: false })),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Creates a separate package that links to the packages installed here. */
const prepare = (folder: string): void => {
  const modules = path.join(folder, "node_modules");
  mkdirSync(modules);
  symlinkSync(root, path.join(modules, "endow"), "junction");
  for (const name of ["zod", "@pulumi", "@types"]) symlinkSync(path.join(root, "node_modules", name), path.join(modules, name), "junction");
};

const compared = async (folder: string, baseline: Program, goal: string, { runs, ...options }: Checks): Promise<readonly Row[]> => {
  const memory = new Map<Program, number[]>();
  const timed = (name: Program) => () => {
    const { milliseconds, megabytes } = check(folder, name, options);
    memory.set(name, [...(memory.get(name) ?? []), megabytes]);
    return milliseconds;
  };
  const { a, b, ratio } = await paired(runs, timed("endow/pulumi"), timed(baseline));
  const how = options.skipLibCheck ? "" : ", libraries checked too";
  const used = (name: Program) => figure(memory.get(name) ?? []);
  return [
    { what: `type check of a program with endow/pulumi${how}`, value: a, unit: "ms" },
    { what: `type check of a program with ${baseline}${how}`, value: b, unit: "ms" },
    { what: `ratio to ${baseline}${how}`, value: ratio, unit: "x", ...(goal !== "" && { goal }) },
    { what: `memory with endow/pulumi${how}`, value: used("endow/pulumi"), unit: "MB" },
    { what: `memory with ${baseline}${how}`, value: used(baseline), unit: "MB" },
  ];
};

const check = (folder: string, name: Program, options: object): { readonly milliseconds: number; readonly megabytes: number } => {
  writeFileSync(path.join(folder, "program.ts"), programs[name]);
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...COMPILER, ...options }, files: ["program.ts"] }),
  );
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const { stdout, status } = spawnSync(process.execPath, [tsc, "--extendedDiagnostics"], { cwd: folder, encoding: "utf8" });
  const figureOf = (line: string) => Number(new RegExp(`^${line}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1]);
  const [seconds, kilobytes] = [figureOf("Total time"), figureOf("Memory used")];
  if (status !== 0 || !Number.isFinite(seconds) || !Number.isFinite(kilobytes)) throw new Error(`the type check failed: ${stdout}`);
  return { milliseconds: seconds * 1_000, megabytes: kilobytes / 1_024 };
};

const COMPILER = { target: "es2022", module: "nodenext", strict: true, noEmit: true, types: ["node"] };
