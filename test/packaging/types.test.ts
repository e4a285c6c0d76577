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

describe("the types of the packed package", () => {
  let project: Project;
  before(async () => {
    project = await makeProject();
  });
  after(() => project?.remove());

  for (const [what, extension, module, moduleResolution] of [
    ["an ES module of Node", "mts", ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
    ["a CommonJS module of Node", "cts", ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
    ["a bundler", "ts", ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
  ] as const) {
    it(`serve ${what}, and refuse there what is wrong`, () => {
      const file = project.write(`source.${extension}`, SOURCE);
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
      assert.equal(said.length, 1, said.join("\n"));
      assert.match(said[0] ?? "", /^source\.\w+: .*'other' falls back to 'nothing', which is not a setting of this group/);
    });
  }
});
