import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../support/package";
import type { TestProject } from "../support/project";
import { registerSecret } from "../support/secrets";

/** The files of one of the repository's examples by their names, but for what somebody's own stacks have left there. */
export const filesOf = (example: string): Record<string, string> => {
  const folder = path.join(root, "examples", example);
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && !/^Pulumi\..+\.yaml$|^\.env/.test(entry.name),
  );
  return Object.fromEntries(files.map(({ name }) => [name, readFileSync(path.join(folder, name), "utf8")]));
};

/** What `endow env` gives after `pulumi up`, each secret among it known to the check of the whole run's output. */
export const valuesOf = async ({ app, endow }: TestProject, secrets: readonly string[], folder = app): Promise<Record<string, string>> => {
  const values = JSON.parse(await endow(["env", "--json"], { folder, reveals: true })) as Record<string, string>;
  for (const name of secrets) registerSecret(values[name] ?? assert.fail(`${name} has no value`));
  return values;
};

/** Destroys the stack, deletes the data as the example's README says, and expects that nothing is left of it. */
export const takeDown = async ({ app, pulumi, endow, environment }: TestProject, folder = app): Promise<void> => {
  assert.match(await pulumi(["destroy", "--yes"]), /- \d+ deleted/);
  await endow(["dev", "--down", "--yes"], { folder });
  assert.deepEqual(readdirSync(path.join(environment["XDG_STATE_HOME"] ?? "", "endow")), []);
};

/** One output of the stack. */
export const outputOf = async ({ pulumi }: TestProject, name: string): Promise<string> => (await pulumi(["stack", "output", name])).trim();
