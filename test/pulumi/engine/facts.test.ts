import assert from "node:assert/strict";
import { output, Stash } from "@pulumi/pulumi";
import { z } from "zod";
import { postgresUrl, settings, type EnvironmentType, type Group } from "../../../lib/index";
import { local, SettingsGroup, type Cells, type LocalPlatform, type Target } from "../../../lib/pulumi";
import { engine } from "../../support/engine";
import { registerSecret } from "../../support/secrets";
import { withStack, type TestStack } from "../../support/stack";

const shared = settings("shared", { pageSize: z.int().default(20) });
const password = registerSecret("of the stashed database");

/** What a program declares about its stack. */
interface Said {
  readonly type: EnvironmentType;
  readonly target?: string;
  readonly group?: Group;
  readonly madeOf?: string;
  readonly preflight?: Target<LocalPlatform>["preflight"];
}

/** Databases that exist only in the state: these tests are about the engine's behaviour. */
const stashed = (madeOf: string): Cells<LocalPlatform> => ({
  postgres: {
    server: ({ server, make }) => make(Stash, { input: server.name }),
    madeOf: () => madeOf,
    lease: ({ resource, make }) => {
      const made = make(Stash, { input: resource.name });
      return {
        fields: { host: "db", port: 5432, database: resource.name, username: resource.name, tls: { mode: "off" } },
        credential: { by: "deploy", fields: { password } },
        access: () => [],
        ready: [made],
      };
    },
  },
});

describe("a stack's type and target", () => {
  before(async function () {
    await engine(this);
  });

  const run = (test: (deploy: (said: Said) => ReturnType<TestStack["up"]>, stack: TestStack) => Promise<void>) =>
    withStack({ program: async () => undefined }, (stack) =>
      test(({ type, target: name = "local", group = shared, madeOf = "instance", preflight }) => {
        const { refuses: _, ...anywhere } = local({ root: stack.app });
        const target = { ...anywhere, facts: { ...anywhere.facts, name }, cells: stashed(madeOf), ...(preflight && { preflight }) };
        stack.use(async () => {
          const made = new SettingsGroup("shared", { group, environment: { name: "blue", type }, target });
          return { type: made.environmentType, target: made.target };
        });
        return stack.up();
      }, stack),
    );

  /** Every operation of the engine is refused with this message, and nothing has changed. */
  const refused = async (stack: TestStack, step: () => Promise<unknown>, message: RegExp) => {
    const before = await resourcesIn(stack);
    await assert.rejects(step(), message);
    assert.deepEqual(await resourcesIn(stack), before);
  };

  it("are outputs, and the stack does not leave production until the configuration confirms it", () =>
    run(async (deploy, stack) => {
      await deploy({ type: "test" });
      await deploy({ type: "production" });
      const outputs = await stack.outputs();
      assert.deepEqual(
        [outputs["type"], outputs["target"]],
        [
          { value: "production", secret: false },
          { value: "local", secret: false },
        ],
      );
      await refused(stack, () => deploy({ type: "development" }), /is production, and would become a development environment/);
      await stack.stack.setConfig("endow:type", { value: "development" });
      await deploy({ type: "development" });
      await stack.expectNoChanges();
    }));

  it("keep the stack on its target until the configuration confirms a change", () =>
    run(async (deploy, stack) => {
      await deploy({ type: "test" });
      const moved = () => deploy({ type: "test", target: "elsewhere" });
      await refused(stack, moved, /runs on local, and its resources would be recreated on elsewhere/);
      await stack.stack.setConfig("endow:target", { value: "elsewhere" });
      await moved();
      await refused(stack, () => deploy({ type: "test", target: "local" }), /runs on elsewhere/);
    }));

  it("keep a setting on its server until the configuration confirms a move, and recognize a renamed server", () =>
    run(async (deploy, stack) => {
      const on = (databaseUrl: ReturnType<typeof postgresUrl>) =>
        ({ type: "preview", group: settings("shared", { databaseUrl }) }) as const;
      await deploy(on(postgresUrl()));
      const renamed = await deploy(on(postgresUrl({ server: { id: "main", formerly: ["postgres"] } })));
      assert.deepEqual([renamed.changes.create, renamed.changes.replace, renamed.changes.delete], [undefined, undefined, undefined]);
      const moved = () => deploy(on(postgresUrl({ server: "other" })));
      await refused(stack, moved, /"shared.databaseUrl" is on the server postgres-main, and would start empty on postgres-other/);
      await stack.stack.setConfig("endow:replace", { value: "shared.databaseUrl" });
      await moved();
      await stack.expectNoChanges();
    }));

  it("keep the form of a server until the configuration confirms a change", () =>
    run(async (deploy, stack) => {
      const group = settings("shared", { databaseUrl: postgresUrl() });
      await deploy({ type: "preview", group });
      const other = () => deploy({ type: "preview", group, madeOf: "serverless" });
      await refused(stack, other, /the server postgres runs as instance, and would be recreated as serverless/);
      await stack.stack.setConfig("endow:replace", { value: "postgres" });
      await other();
    }));

  it("let nothing be created or changed before the account checks pass, in a preview as well", () =>
    run(async (deploy, stack) => {
      const problem = { code: "QUOTA_REACHED", path: "target", message: "the account has no room for a database", fix: "ask for more" };
      const group = settings("shared", { databaseUrl: postgresUrl() });
      const full = { type: "preview", group, preflight: () => output([problem]) } as const;
      await assert.rejects(deploy(full), /the account has no room for a database \(QUOTA_REACHED\)\n\s+fix: ask for more/);
      assert.deepEqual(await typesIn(stack), []);
      await assert.rejects(stack.preview(), /the account has no room for a database/);
      await deploy({ ...full, preflight: () => output([]) });
      assert.ok((await typesIn(stack)).includes("endow-local:index:Values"));
    }));
});

/** All resources except the stack itself, whose outputs are the program's latest exports, refused or not. */
const resourcesIn = async ({ stack }: TestStack): Promise<ReadonlyArray<{ readonly type: string; readonly custom: boolean }>> => {
  const { resources = [] } = (await stack.exportStack()).deployment as {
    readonly resources?: ReadonlyArray<{ readonly type: string; readonly custom: boolean }>;
  };
  return resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");
};

/** Types of the stack's provider resources. */
const typesIn = async (stack: TestStack): Promise<readonly string[]> =>
  (await resourcesIn(stack)).flatMap(({ type, custom }) => (custom && !type.startsWith("pulumi:providers:") ? [type] : []));
