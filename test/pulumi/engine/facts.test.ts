import assert from "node:assert/strict";
import { settings } from "../../../lib/index";
import type { EnvironmentType } from "../../../lib/index";
import { local, SettingsGroup, type Target } from "../../../lib/pulumi";
import { z } from "zod";
import { engine } from "../../support/engine";
import { withStack, type TestStack } from "../../support/stack";

const shared = settings("shared", { pageSize: z.int().default(20) });

describe("what a stack is for, and where it runs", () => {
  before(async function () {
    await engine(this);
  });

  const run = (
    test: (deploy: (type: EnvironmentType, target?: string) => ReturnType<TestStack["up"]>, stack: TestStack) => Promise<void>,
  ) =>
    withStack({ program: async () => undefined }, (stack) =>
      test((type, name = "local") => {
        const { refuses: _, ...anywhere } = local({ root: stack.app });
        const target: Target = { ...anywhere, name };
        stack.use(async () => {
          const group = new SettingsGroup("shared", { group: shared, environment: { name: "blue", type }, target });
          return { type: group.environmentType, target: group.target };
        });
        return stack.up();
      }, stack),
    );

  it("is told as outputs, and does not leave production until the configuration says so", () =>
    run(async (deploy, stack) => {
      await deploy("test");
      await deploy("production");
      const outputs = await stack.outputs();
      assert.deepEqual(
        [outputs["type"], outputs["target"]],
        [
          { value: "production", secret: false },
          { value: "local", secret: false },
        ],
      );
      const before = await stateOf(stack);
      await assert.rejects(deploy("development"), /is production, and would become a development environment/);
      assert.ok((await stateOf(stack)) === before, "the state has changed");
      await stack.stack.setConfig("endow:type", { value: "development" });
      await deploy("development");
      await stack.expectNoChanges();
    }));

  it("does not leave its target until the configuration says so", () =>
    run(async (deploy, stack) => {
      await deploy("test");
      await assert.rejects(deploy("test", "elsewhere"), /runs on local, and would be made anew on elsewhere/);
      await stack.stack.setConfig("endow:target", { value: "elsewhere" });
      await deploy("test", "elsewhere");
      await assert.rejects(deploy("test", "local"), /runs on elsewhere/);
    }));
});

const stateOf = async ({ stack }: TestStack): Promise<string> => JSON.stringify((await stack.exportStack()).deployment["resources"]);
