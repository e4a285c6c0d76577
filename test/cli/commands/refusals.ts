import assert from "node:assert/strict";
import { failureOf } from "../../../lib/cli/failure";
import { program } from "../../../lib/cli/program";
import { withEnvironment } from "../../support/with-environment";
import type { Finished, Sandbox } from "../harness";

type Refusal = Pick<Finished, "code" | "stderr"> & Partial<Pick<Finished, "stdout">>;

/** Asserts an error for the user: what is wrong, a fix and a code, and nothing else. */
export const failsWith = (code: string, { code: exitCode, stdout = "", stderr }: Refusal) => {
  assert.equal(exitCode, 1, stderr);
  assert.match(`${stderr}\n`, new RegExp(`code: ${code}\n`));
  assert.match(stderr, /fix: /);
  assert.doesNotMatch(stderr, /^ {4}at /m);
  assert.equal(stdout, "");
};

/** Runs a command that fails before it starts anything in this process: the result is the same, in a tenth of the time. */
export const refused = async ({ root, state }: Sandbox, verb: string, ...parameters: string[]): Promise<Refusal> => {
  const restore = withEnvironment({ XDG_STATE_HOME: state });
  try {
    const error: unknown = await program("1.0.0")
      .parseAsync(["node", "endow", verb, "--cwd", root, ...parameters])
      .then(
        () => assert.fail(`endow ${verb} ${parameters.join(" ")} was not refused`),
        (reason: unknown) => reason,
      );
    const { exitCode, message } = failureOf(error);
    return { code: exitCode, stderr: message };
  } finally {
    restore();
  }
};
