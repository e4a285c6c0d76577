import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ts from "typescript";
import { root } from "../support/package";

/** Whatever a package of shared settings may export without a type of its own making. */
const SOURCE = `
import { apiKeys, bucket, fake, load, plan, postgresUrl, redisUrl, secret, setting, settings } from "endow";
import { z } from "zod";

export const plain = setting(z.string(), { env: "SITE" });
export const conditional = setting(z.number().optional(), { requiredIn: ["production"], public: true });
export const token = secret({ fallback: "other" }).optional();
export const account = secret(z.object({ id: z.string() }));
export const databaseUrl = postgresUrl({ requiredIn: ["production", "test"] });
export const builders = [postgresUrl, redisUrl, bucket, apiKeys];
export const pair = [postgresUrl, bucket] as const;

export const shared = settings("shared", {
  siteName: setting(z.string(), { env: "SITE" }),
  databaseUrl: postgresUrl(),
  redisUrl: redisUrl().nullable(),
  uploads: bucket(),
  keys: apiKeys({ requiredIn: ["production"] }),
  token: secret({ fallback: "other" }),
  other: secret(),
  mode: z.enum(["a", "b"]).default("a"),
}, { requiredWhen: { other: { mode: "b" } } });
export const web = settings.extend(shared, "web", { own: setting(z.number(), { env: "OWN" }) });
export const groups = [shared, web] as const;
export const { definitions, checks, type } = shared;
export const [definition] = definitions;
export const names = definitions.flatMap((each) => each.variables);

export const loaded = () => load(shared);
export const faked = fake(web);
export const planned = plan({ project: "shop", groups: [web], environment: "production" });
export const { profile, grants, missing, problems, variables, servers, resources } = planned;
export const sources = variables.map(({ source, writer, state }) => ({ source, writer, state }));
export const tls = faked.databaseUrl.tls;
export const connection = faked.databaseUrl;
export const s3 = faked.uploads.clientOptions();
`;

describe("a package of shared settings", () => {
  let folder: string;
  const modules = (name: string) => path.join(folder, "node_modules", name);

  before(function () {
    this.timeout(180_000);
    folder = mkdtempSync(path.join(realpathSync(tmpdir()), "endow-exported-"));
    mkdirSync(modules("endow"), { recursive: true });
    symlinkSync(path.join(root, "node_modules/zod"), modules("zod"), "junction");
    const manifest = { name: "endow", version: "1.0.0", exports: { ".": { types: "./dist/index.d.ts" } } };
    writeFileSync(path.join(modules("endow"), "package.json"), JSON.stringify(manifest));
    const project = ts.getParsedCommandLineOfConfigFile(
      path.join(root, "tools/tsconfig.declarations.json"),
      {},
      {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: ({ messageText }) => assert.fail(ts.flattenDiagnosticMessageText(messageText, " ")),
      },
    );
    assert.ok(project);
    const { emitSkipped } = ts.createProgram(project.fileNames, { ...project.options, outDir: path.join(modules("endow"), "dist") }).emit();
    assert.ok(!emitSkipped);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("compiles with declarations, without naming a type itself", function () {
    this.timeout(180_000);
    const file = path.join(folder, "settings.ts");
    writeFileSync(file, SOURCE);
    const program = ts.createProgram([file], {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.Preserve,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      strict: true,
      skipLibCheck: true,
      declaration: true,
      types: ["node"],
      typeRoots: [path.join(root, "node_modules/@types")],
    });
    const said = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    assert.deepEqual(said, []);
  });
});
