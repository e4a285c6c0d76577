import { distinct, EndowError, type Problem } from "../errors";
import type { Plan } from "../plan";

/**
 * Asserts that a plan can be provisioned on this machine.
 *
 * @param unusable problems with supplied values
 * @throws EndowError `PLAN_PROBLEMS`, or `VALUES_MISSING` if only values are missing; each lists every problem.
 */
export const assertFeasible = (plan: Plan, unusable: readonly Problem[]): void => {
  const missing = missingInEnvironment(plan);
  // The plan already reports problems with some values.
  const problems = distinct([...plan.problems, ...unusable]);
  if (problems.length > 0) throw new EndowError("PLAN_PROBLEMS", "These settings cannot be provisioned:", [...problems, ...missing]);
  if (missing.length > 0) throw new EndowError("VALUES_MISSING", "Missing values (set them in .env):", missing);
};

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
