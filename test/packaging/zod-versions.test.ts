import assert from "node:assert/strict";
import ts from "typescript";
import { makeProject, type Project, type ZodVersion } from "../support/package";
import { compileIn } from "./compiler";
import { assertLoads, declaring, env, loading } from "./program";
import { APP, EXPORTED } from "./sources";

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

    it("loads what is declared with zod/mini", () => {
      project.write("app/mini.mjs", mini);
      assert.equal(project.node(["app/mini.mjs"], { PORT: "80", TOKEN: "a text" }).trim(), '{"port":80,"token":"***","site":"x"}');
    });

    it("has types that take the app's schemas, know their values, and refuse what is wrong", () => {
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

  it("says so in a sentence for each setting, however it is declared", () => {
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
    ]);
  });

  it("is refused by the types", () => {
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

const EQUAL = `
type Equal<A, B> = (<T>() => T extends A ? T : 2) extends <T>() => T extends B ? T : 2 ? true : false;
type Expect<T extends true> = T;
`;

const VALUES = `
import { load, secret, setting, settings, type Config, type Secret } from "endow";
import { z } from "zod";
${EQUAL}
export const shared = settings("shared", {
  port: z.number().default(80),
  mode: setting(z.enum(["a", "b"]), { env: "MODE", requiredIn: ["production"] }),
  list: z.array(z.string()).optional(),
  length: z.string().transform((text) => text.length),
  account: secret(z.object({ id: z.string() })),
  key: secret(z.string().min(4), { fallback: "other" }),
  other: secret(),
}, { requiredWhen: { other: { port: 80 } } });
export type Values = Expect<Equal<Config<typeof shared>, {
  readonly port: number;
  readonly mode: "a" | "b" | undefined;
  readonly list: string[] | undefined;
  readonly length: number;
  readonly account: Secret<{ id: string }>;
  readonly key: Secret | undefined;
  readonly other: Secret | undefined;
}>>;
export const port = async (): Promise<number> => (await load(shared)).port;
`;

const MINI = `
import { loadSync, secret, setting, settings } from "endow";
import * as z from "zod/mini";
const shared = settings("shared", {
  port: z.number(),
  token: secret(z.string().check(z.minLength(4))),
  site: setting(z._default(z.string(), "x"), { env: "SITE" }),
});
console.log(JSON.stringify(loadSync(shared)));
`;

const SHARED = `
import { postgresUrl, secret, settings } from "endow";
import { z } from "zod";
export const shared = settings("shared", { databaseUrl: postgresUrl(), token: secret(), mode: z.enum(["a", "b"]) });
`;

const WITH_SHARED = `
import { load, postgresUrl, secret, settings } from "endow";
import { local, Project } from "endow/pulumi";
import { z } from "zod";
import { shared } from "./shared/settings";
${EQUAL}
export const web = settings.extend(shared, "web", { port: z.number(), key: secret({ fallback: "token" }) });
const config = await load(web);
export type Mode = Expect<Equal<typeof config.mode, "a" | "b">>;
export type Port = Expect<Equal<typeof config.port, number>>;
export const host: string = config.databaseUrl.host;
export const shop = new Project("shop", { groups: [shared, web], target: () => local() });
export const server = shop.group(shared).outputs.databaseUrl.host;
// @ts-expect-error it has no such setting
export const none = shop.group(shared).outputs.other;
// @ts-expect-error a wrong kind
settings.extend(shared, "worse", { url: postgresUrl({ fallback: "token" }) });
`;
