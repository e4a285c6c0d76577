import type { Problem } from "../errors";
import type { Group, CheckResult } from "../settings";
import { asyncCheck } from "../values/parse";

/** Runs the group's checks on a configuration whose settings are all valid. */
export const checkProblems = async (group: Group, config: object): Promise<readonly Problem[]> =>
  Promise.all(group.checks.map((check) => verdictOf(() => check(config)))).then((verdicts) => problemsOf(group, verdicts));

/**
 * The synchronous form of `checkProblems`.
 *
 * @throws EndowError `ASYNC_CHECK` if a check is asynchronous.
 */
export const checkProblemsSync = (group: Group, config: object): readonly Problem[] =>
  problemsOf(
    group,
    group.checks.map((check) => {
      let verdict: CheckResult | Promise<CheckResult>;
      try {
        verdict = check(config);
      } catch (error) {
        return threw(error);
      }
      if (!(verdict instanceof Promise)) return verdict;
      // The promise is abandoned: the error below replaces its result.
      verdict.catch(() => undefined);
      throw asyncCheck(group.name);
    }),
  );

const verdictOf = async (check: () => CheckResult | Promise<CheckResult>): Promise<CheckResult> => {
  try {
    return await check();
  } catch (error) {
    return threw(error);
  }
};

/** The message of a thrown error may quote a value, so only its type is reported. */
const threw = (error: unknown): string =>
  `a check of the group threw ${error instanceof Error ? `a ${error.constructor.name}` : "a value"}`;

const problemsOf = ({ name }: Group, verdicts: readonly CheckResult[]): readonly Problem[] =>
  verdicts
    .filter((verdict) => verdict !== true)
    .map((verdict): Problem => ({
      code: "CHECK_FAILED",
      path: name,
      message: typeof verdict === "string" ? verdict : "a check of the group must return true or an error message",
      fix: "correct the values it checks, or the check itself",
    }));
