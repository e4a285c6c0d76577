import assert from "node:assert/strict";
import { apps } from "./apps";
import { measure, sumOf } from "./measure";

describe("public apps, unchanged", () => {
  for (const app of apps)
    it(`${app.repository}: the process gets what its ${app.file} names, and load() reads the same`, async () => {
      const { faults } = await measure(app);
      assert.deepEqual(faults, []);
    });

  it("lack at most 2 % of the variables that name a service, and 33 of 35 lack none", async () => {
    const measured = await Promise.all(apps.map(measure));
    for (const some of [measured.filter(({ app }) => !app.heldOut), measured.filter(({ app }) => app.heldOut)]) {
      const { share } = sumOf(some);
      assert.ok(share >= 98, `${share.toFixed(1)} %: ${some.flatMap(({ lacking }) => lacking).join(", ")}`);
    }
    const { whole, apps: number } = sumOf(measured);
    assert.ok(number === 35 && whole >= 33, `${whole} of ${number}`);
  });
});
