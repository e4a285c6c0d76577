import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { ComponentResource, type Input, secret, Stash } from "@pulumi/pulumi";
import { identify } from "../../lib/supervisor/processes";
import { engine } from "../support/engine";
import { type TestStack, withStack } from "../support/stack";
import { eventually } from "../support/supervised";

class Shelf extends ComponentResource {
  constructor(name: string, value: Input<string>) {
    super("test:index:Shelf", name);
    this.registerOutputs({ stash: new Stash(name, { input: value }, { parent: this }).output });
  }
}

const shelf = (value: Input<string>) => async () => {
  const made = new Shelf("a", value);
  return { urn: made.urn };
};

describe("a stack for one test", function () {
  before(async function () {
    await engine(this);
  });

  it("comes up, does not change, changes with the program, and goes", () =>
    withStack({ program: shelf("one") }, async (stack) => {
      const { changes } = await stack.up();
      const outputs = await stack.outputs();
      assert.deepEqual(changes, { create: 3 });
      assert.match(outputs["urn"]?.value, /^urn:pulumi:development::shop::test:index:Shelf::a$/);
      await stack.expectNoChanges();
      stack.use(shelf("two"));
      await assert.rejects(stack.expectNoChanges(), /no changes were expected/);
      assert.deepEqual(await stack.preview(), { same: 2, update: 1 });
      assert.deepEqual((await stack.up()).changes, { same: 2, update: 1 });
      assert.deepEqual(await stack.destroy(), { delete: 3 });
      assert.match(stack.output(), /Shelf/);
      assert.ok(stack.events.some(({ summaryEvent }) => summaryEvent?.resourceChanges?.["delete"] === 3));
    }));

  it("finds a secret that the state shows, and none that it hides", () =>
    withStack({ program: shelf("shown with 'quotes'") }, async (stack) => {
      await stack.up();
      assert.throws(() => stack.assertNoSecret(["shown with 'quotes'"]), /the secret at index 0 is exposed/);
      stack.use(shelf(secret("hidden from everybody")));
      await stack.up();
      assert.match(stack.stateText(), /ciphertext/);
      stack.assertNoSecret(["hidden from everybody"], stack.output(), JSON.stringify(stack.events));
    }));

  it("leaves nothing behind, whatever becomes of the test", async () => {
    let tested: TestStack | undefined;
    const failing = withStack({ program: shelf("one") }, async (stack) => {
      tested = stack;
      await stack.up();
      throw new Error("the test failed");
    });
    await assert.rejects(failing, /the test failed/);
    assert.ok(tested !== undefined && !existsSync(tested.folder));
  });

  it("fails a test whose stack leaves a process running, and ends that process", async () => {
    let pid = 0;
    const leaving = withStack({ program: shelf("one"), grace: 100 }, async ({ app }) => {
      pid = spawn("sleep", ["1000"], { cwd: app, detached: true, stdio: "ignore" }).pid ?? 0;
    });
    await assert.rejects(leaving, /processes outlived the stack.*sleep/s);
    await eventually("the process is gone", () => identify(pid) === undefined);
  });

  it("fails a step whose program fails, also where nobody awaits what failed", () =>
    withStack(
      {
        program: async () => {
          void Promise.reject(new Error("nobody awaits this"));
        },
      },
      async (stack) => {
        await assert.rejects(stack.up(), /nobody awaits this/);
        stack.use(async () => {
          throw new Error("the program is wrong");
        });
        await assert.rejects(stack.up(), /the program is wrong/);
        stack.use(shelf("one"));
        await stack.up();
      },
    ));
});
