import assert from "node:assert/strict";
import path from "node:path";
import ts from "typescript";
import { makeProject, root, type Project } from "../support/package";

const SOURCE = `
import { apiKeys, load, postgresUrl, secret, setting, settings, type Config } from "endow";
import { z } from "zod";
export const shared = settings("shared", {
  databaseUrl: postgresUrl(),
  mode: z.enum(["a", "b"]).default("a"),
  account: secret(z.object({ id: z.string() })).optional(),
  site: setting(z.url(), { requiredIn: ["production"] }),
  keys: apiKeys(),
}, { requiredWhen: { account: { mode: "b" } }, check: ({ mode, site }) => mode === "a" || site !== undefined || "no" });
export const port = async (): Promise<number> => (await load(shared)).databaseUrl.port;
export const id = (config: Config<typeof shared>): string | undefined => config.account?.reveal().id;
export const web = settings.extend(shared, "web", { other: secret({ fallback: "nothing" }) });
`;

const DEPLOYMENT = `
import type { Output } from "@pulumi/pulumi";
import { apiKeys, bucket, postgresUrl, secret, setting, settings } from "endow";
import { app, existing, local, Project, SettingsGroup } from "endow/pulumi";
import { z } from "zod";
export const shared = settings("shared", {
  databaseUrl: postgresUrl({ version: "17" }),
  uploads: bucket(),
  token: secret({ fallback: "account" }).optional(),
  account: secret(z.object({ id: z.string() })),
  keys: apiKeys({ requiredIn: ["production"] }),
  mode: z.enum(["a", "b"]).default("a"),
  port: setting(z.number().default(8000), { env: "HTTP_PORT" }),
}, { requiredWhen: { token: { mode: "b" } } });
export const shop = new Project("shop", {
  settings: [shared],
  target: () => local(),
  apps: { web: app({ command: ["node", "server.js"], port: 8000, reads: [shared] }) },
});
export const url: Output<string> = shop.apps.web.url;
export const host: Output<string> = shop.group(shared).outputs.databaseUrl.host;
export const alone = new SettingsGroup("alone", {
  settings: shared,
  target: local(),
  resources: { uploads: existing({ bucket: "shop-uploads", region: "eu-west-1" }) },
});
export const none: string = shop.apps.worker;
`;

// Comparing one schema with the whole of zod's `ZodType` takes 77,000.
const FEW_INSTANTIATIONS = 15_000;

describe("the types of the packed package", () => {
  let project: Project;
  before(async () => {
    project = await makeProject();
    project.link("@pulumi/pulumi");
  });
  after(() => project?.remove());

  for (const [what, extension, module, moduleResolution] of [
    ["an ES module of Node", "mts", ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
    ["a CommonJS module of Node", "cts", ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
    ["a program as Pulumi's templates have it", "ts", ts.ModuleKind.CommonJS, ts.ModuleResolutionKind.Node10],
    ["a bundler", "ts", ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
  ] as const) {
    const compile = (source: string) => {
      const file = project.write(`source.${extension}`, source);
      const program = ts.createProgram([file], {
        target: ts.ScriptTarget.ES2023,
        module,
        moduleResolution,
        strict: true,
        skipLibCheck: true,
        noEmit: true,
        types: ["node"],
        typeRoots: [path.join(root, "node_modules/@types")],
      });
      const said = ts
        .getPreEmitDiagnostics(program)
        .filter(({ file }) => !file?.fileName.includes("/node_modules/zod/") && !file?.fileName.includes("/node_modules/@types/"))
        .map(({ file, messageText }) => `${path.basename(file?.fileName ?? "")}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
      return { said, instantiations: program.getInstantiationCount() };
    };

    it(`serve ${what}, and refuse there what is wrong`, () => {
      const { said } = compile(SOURCE);
      assert.equal(said.length, 1, said.join("\n"));
      assert.match(said[0] ?? "", /^source\.\w+: .*'other' falls back to 'nothing', which is not a setting of this group/);
    });

    it(`serve a Pulumi program as ${what}, and cost the compiler little`, () => {
      const { said, instantiations } = compile(DEPLOYMENT);
      assert.equal(said.length, 1, said.join("\n"));
      assert.match(said[0] ?? "", /^source\.\w+: Property 'worker' does not exist/);
      assert.ok(instantiations < FEW_INSTANTIATIONS, `${instantiations} instantiations`);
    });
  }
});
