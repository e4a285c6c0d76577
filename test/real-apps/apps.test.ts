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

  it("are measured: what a declaration leaves out is lacking, and what load() refuses is said", async () => {
    const [app = assert.fail()] = apps;
    const measured = await measure({ ...app, variables: [...app.variables, "ANOTHER_DATABASE_URL"] });
    assert.deepEqual(measured.lacking, ["ANOTHER_DATABASE_URL"]);
    assert.deepEqual(sumOf([measured]), { all: 6, delivered: 5, share: 500 / 6, apps: 1, whole: 0 });
    await assert.rejects(measure({ ...app, supplied: { EMAIL_SERVER_PORT: "many" } }), /EMAIL_SERVER_PORT must be a port/);
  });
});
