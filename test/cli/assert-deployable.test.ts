import assert from "node:assert/strict";
import { z } from "zod";
import { plan, secret, settings } from "../../lib";
import { assertFeasible } from "../../lib/cli/assert-deployable";
import { errorOf } from "../support/errors";

describe("a plan that cannot be carried out", () => {
  const group = settings("shared", { port: z.number(), key: secret() });
  const planOf = (supplied: Record<string, string | true>) =>
    plan({ project: "shop", groups: [group], environment: "development", supplied });
  const unusable = { code: "SETTING_INVALID", path: "URL", message: "URL is wrong", fix: "correct it" };

  it("is told with everything that is wrong and everything that is missing", () => {
    const error = errorOf(() => assertFeasible(planOf({ PORT: "many" }), [unusable]));
    assert.equal(error.code, "PLAN_PROBLEMS");
    assert.deepEqual(
      error.problems.map(({ path }) => path),
      ["PORT", "URL", "KEY"],
    );
  });

  it("is told once where the plan knows of a bad value, too", () => {
    const [known] = planOf({ PORT: "many", KEY: true }).problems;
    assert.ok(known);
    assert.equal(errorOf(() => assertFeasible(planOf({ PORT: "many", KEY: true }), [known])).problems.length, 1);
  });

  it("has a code of its own when only values are missing", () =>
    assert.equal(errorOf(() => assertFeasible(planOf({}), [])).code, "VALUES_MISSING"));

  it("is no error when nothing is wrong", () => assertFeasible(planOf({ PORT: "80", KEY: true }), []));
});
