import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../errors";
import { checkOf, takesHooks } from "./hooks";
import { settled } from "./sdk-internals";

type Answer = pulumi.Output<readonly Problem[]>;

/**
 * Resources that the guards wait for until all checks are done. When a check reports problems, this is a resource that Pulumi itself refuses: an
 * Automation API program would wait forever for a resource that depends on a failure in the program.
 */
export const answered = async (asked: readonly Answer[], parent: pulumi.Resource): Promise<pulumi.Resource[]> => {
  const refusal = await refusalOf(asked);
  if (refusal === undefined) return [];
  if (!takesHooks()) throw refusal;
  const refuse = checkOf("endow-preflight", () => {
    throw refusal;
  });
  return [new pulumi.Stash("preflight", { input: "refused" }, { parent, hooks: { beforeCreate: [refuse] } })];
};

const refusalOf = async (asked: readonly Answer[]): Promise<pulumi.RunError | undefined> => {
  const answers = await Promise.all(asked.map((one) => settled(one).catch(cannotAsk)));
  if (answers.includes(undefined)) await pulumi.log.info("endow: this preview skipped the account checks");
  const problems = answers.flatMap((answer) => answer?.value ?? []);
  if (problems.length === 0) return undefined;
  const lines = problems.map(({ message, fix, code }) => `  - ${message} (${code})\n      fix: ${fix}`);
  return new pulumi.RunError(["this environment cannot be deployed:", ...lines].join("\n"));
};

const cannotAsk = (error: unknown): { readonly value: readonly Problem[] } => ({
  value: [
    {
      code: "PREFLIGHT_FAILED",
      path: "target",
      message: `the account checks failed: ${error instanceof Error ? error.message : String(error)}`,
      fix: "fix this error and deploy again",
    },
  ],
});
