import { EndowError, type Problem } from "../errors";
import type { Plan } from "../plan";

/**
 * Passes a plan that can be carried out here.
 *
 * @param unusable what is wrong with supplied values
 * @throws EndowError `PLAN_PROBLEMS`, `VALUES_MISSING` when values are all that is missing: each names everything.
 */
export const assertFeasible = (plan: Plan, unusable: readonly Problem[]): void => {
  const missing = missingInEnvironment(plan);
  const problems = distinct([...plan.problems, ...unusable]);
  if (problems.length > 0) throw new EndowError("PLAN_PROBLEMS", "The settings cannot be provided as they are:", [...problems, ...missing]);
  if (missing.length > 0) throw new EndowError("VALUES_MISSING", "Values are missing that only a person has:", missing);
};

/** The plan itself knows some values. */
const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [problem.message, problem])).values(),
];

/** What is missing, with where to put it. */
export const missingInEnvironment = ({ missing, environment }: Plan): readonly Problem[] =>
  missing.map(({ variables, message, entry }) => ({
    code: "VALUE_MISSING",
    path: variables[0] ?? "",
    message,
    fix:
      environment.type === "development"
        ? `put ${variables.map((name) => `${name}=...`).join(" and ")} into .env`
        : `put ${variables.join(" and ")} into the store entry ${entry}`,
  }));
