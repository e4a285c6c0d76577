import { distinct, EndowError, type Problem } from "../errors";
import { ownValue } from "../internal/own-value";
import type { Plan } from "../plan";

/**
 * Asserts that a plan can be provisioned on this machine.
 *
 * @param unusable problems with supplied values
 * @param origins of the supplied values, by variable: `.env line 3`
 * @throws EndowError `PLAN_PROBLEMS`, or `VALUES_MISSING` if only values are missing; each lists every problem.
 */
export const assertFeasible = (plan: Plan, unusable: readonly Problem[], origins: Readonly<Record<string, string>> = {}): void => {
  const missing = missingInEnvironment(plan);
  // The plan already reports problems with some values.
  const problems = distinct([...plan.problems, ...unusable]).map((problem) => located(problem, ownValue(origins, problem.path)));
  if (problems.length > 0) throw new EndowError("PLAN_PROBLEMS", "These settings have problems:", [...problems, ...missing]);
  if (missing.length > 0) throw new EndowError("VALUES_MISSING", "Missing values (set them in .env):", missing);
};

/** The problem of a supplied value, with the place that the value comes from. */
const located = (problem: Problem, origin: string | undefined): Problem =>
  origin === undefined || !problem.message.startsWith(`${problem.path} `)
    ? problem
    : { ...problem, message: `${problem.path} (${origin})${problem.message.slice(problem.path.length)}` };

/** The missing values, each with where to set it. */
export const missingInEnvironment = ({ missing, environment }: Plan): readonly Problem[] =>
  missing.map(({ variables, message, entry }) => ({
    code: "VALUE_MISSING",
    path: variables[0] ?? "",
    message,
    fix:
      environment.type === "development"
        ? `add ${variables.map((name) => `${name}=...`).join(" and ")} to .env`
        : `add ${variables.join(" and ")} to the store entry ${entry}`,
  }));
