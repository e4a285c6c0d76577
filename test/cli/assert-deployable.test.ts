import assert from "node:assert/strict";
import { z } from "zod";
import { secret, settings } from "../../lib";
import { plan } from "../../lib/plan";
import { assertFeasible } from "../../lib/cli/assert-feasible";
import { errorOf } from "../support/errors";

describe("a plan that cannot be provisioned", () => {
  const group = settings("shared", { port: z.number(), key: secret() });
  const planOf = (supplied: Record<string, string | true>) =>
    plan({ project: "shop", groups: [group], environment: "development", supplied });
  const unusable = { code: "SETTING_INVALID", path: "URL", message: "URL is wrong", fix: "correct it" };

  it("is refused with every problem and every missing value", () => {
    const error = errorOf(() => assertFeasible(planOf({ PORT: "many" }), [unusable]));
    assert.equal(error.code, "PLAN_PROBLEMS");
    assert.deepEqual(
      error.problems.map(({ path }) => path),
      ["PORT", "URL", "KEY"],
    );
  });

  it("lists a bad value once, even if the plan reports it too", () => {
    const [known] = planOf({ PORT: "many", KEY: true }).problems;
    assert.ok(known);
    assert.equal(errorOf(() => assertFeasible(planOf({ PORT: "many", KEY: true }), [known])).problems.length, 1);
  });

  it("has its own code if only values are missing", () =>
    assert.equal(errorOf(() => assertFeasible(planOf({}), [])).code, "VALUES_MISSING"));

  it("is accepted if nothing is wrong", () => assertFeasible(planOf({ PORT: "80", KEY: true }), []));
});
