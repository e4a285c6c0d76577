import assert from "node:assert/strict";
import fc from "fast-check";
import { makeHome } from "../support/home";
import { walk, walkOf, type World } from "../support/identity-walk";
import { imaginedMachine } from "../support/imagined-machine";
import { keeping } from "../support/kept";
import { testSeed } from "../support/random";

const seed = testSeed();

describe("whatever is done to a declaration and to the files of the state", () => {
  before(() => console.log(`walks from ENDOW_TEST_SEED=${seed}`));

  it("each setting has what was kept under its identity, and no other has it, on an imagined machine", async () => {
    await fc.assert(
      fc.asyncProperty(walkOf({ steps: 12, failing: true }), async (steps) => {
        const { machine, fail, keep, kept } = imaginedMachine();
        const home = await makeHome("walk", machine);
        const world: World = { home, fail, keep: (_, ...rest) => keep(...rest), kept: (_, ...rest) => kept(...rest) };
        try {
          await walk(steps, world);
        } finally {
          await home.clean();
        }
      }),
      { seed, numRuns: 60, includeErrorInReport: true },
    );
  });

  it("each setting has what was kept under its identity, and no other has it, on real servers", async () => {
    await fc.assert(
      fc.asyncProperty(walkOf({ steps: 6, failing: false }), async (steps) => {
        const home = await makeHome("walk");
        const world: World = {
          home,
          fail: () => assert.fail("nothing fails here"),
          keep: (kind, ...rest) => keeping[kind].keep(...rest),
          kept: (kind, ...rest) => keeping[kind].kept(...rest),
        };
        try {
          await walk(steps, world);
        } finally {
          await home.clean();
        }
      }),
      { seed, numRuns: 3, endOnFailure: true, includeErrorInReport: true },
    );
  });
});
