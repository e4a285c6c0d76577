import fc from "fast-check";
import { imaginedMachine } from "../../../support/imagined-machine";
import { keeping } from "../../../support/kept";
import { makeStack } from "../../../support/local-stack";
import { testSeed } from "../../../support/random";
import { deploysOf, walkStack } from "../../../support/stack-walk";

const seed = testSeed();

describe("whatever a stack's program and the files of the state go through", () => {
  before(() => console.log(`deploys from ENDOW_TEST_SEED=${seed}`));

  it("each setting has what was kept under its identity, and no other has it, on an imagined machine", async () => {
    await fc.assert(
      fc.asyncProperty(deploysOf(10), async (deploys) => {
        const { machine, keep, kept } = imaginedMachine();
        const stack = await makeStack("walk");
        const world = {
          keep: (_: string, ...rest: Parameters<typeof keep>) => keep(...rest),
          kept: (_: string, ...rest: Parameters<typeof kept>) => kept(...rest),
        };
        const context = { ...stack.context, machine };
        try {
          await walkStack(deploys, { ...stack, context }, world);
        } finally {
          await stack.clean();
        }
      }),
      { seed, numRuns: 40, includeErrorInReport: true },
    );
  });

  it("each setting has what was kept under its identity, and no other has it, on real servers", async () => {
    await fc.assert(
      fc.asyncProperty(deploysOf(5), async (deploys) => {
        const stack = await makeStack("walk");
        const world = {
          keep: (kind: keyof typeof keeping, ...rest: Parameters<typeof keeping.redis.keep>) => keeping[kind].keep(...rest),
          kept: (kind: keyof typeof keeping, ...rest: Parameters<typeof keeping.redis.kept>) => keeping[kind].kept(...rest),
        };
        try {
          await walkStack(deploys, stack, world);
        } finally {
          await stack.clean();
        }
      }),
      { seed, numRuns: 3, endOnFailure: true, includeErrorInReport: true },
    );
  });
});
