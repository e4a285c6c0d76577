import { EndowError, type Problem } from "../errors";
import type { Plan } from "../plan";

/**
 * Passes a plan that can be carried out here.
 *
 * @throws EndowError `PLAN_PROBLEMS`, `VALUES_MISSING`: each names all of them.
 */
export const assertFeasible = (plan: Plan): void => {
  if (plan.problems.length > 0) throw new EndowError("PLAN_PROBLEMS", "The settings cannot be provided as they are:", plan.problems);
  if (plan.missing.length > 0) throw new EndowError("VALUES_MISSING", "Values are missing that only a person has:", missingProblems(plan));
};

/** What is missing, with where to put it. */
export const missingProblems = ({ missing, environment }: Plan): readonly Problem[] =>
  missing.map(({ variables, message, entry }) => ({
    code: "VALUE_MISSING",
    path: variables[0] ?? "",
    message,
    fix:
      environment.type === "development"
        ? `put ${variables.map((name) => `${name}=...`).join(" and ")} into .env`
        : `put ${variables.join(" and ")} into the store entry ${entry}`,
  }));
