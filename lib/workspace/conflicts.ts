import { inspect } from "node:util";
import { z } from "zod/v4";
import { EndowError, type Problem } from "../errors";
import { ownValue } from "../internal/own-value";
import type { Declarations } from "../local/declarations";
import type { Group } from "../settings";
import { isFile } from "./convention";
import { loadDeclaration } from "./declaration";

/**
 * Asserts that no other settings file of the workspace declares one of these groups differently: both would share values and data.
 * A file may re-export another file's groups.
 *
 * @param known the settings files that have been used in the environment
 * @param redact masks secrets in the messages of errors that those files throw
 * @throws EndowError `GROUP_DECLARED_TWICE`
 */
export const assertDeclaredOnce = async (
  file: string,
  groups: readonly Group[],
  known: Declarations,
  redact: (text: string) => string,
): Promise<void> => {
  const others = Object.entries(known).filter(
    ([other, declared]) => other !== file && isFile(other) && groups.some(({ name }) => ownValue(declared, name) !== undefined),
  );
  const problems: Problem[] = [];
  for (const [other] of others) {
    // A file that cannot be loaded declares nothing; its own app reports the error.
    const theirs = await loadDeclaration(other, redact).catch(() => []);
    problems.push(
      ...groups.filter((group) => theirs.some((one) => one.name === group.name && !isSame(one, group))).map(twice(file, other)),
    );
  }
  if (problems.length > 0) throw new EndowError("GROUP_DECLARED_TWICE", "The workspace has two declarations of a group:", problems);
};

const isSame = (one: Group, other: Group): boolean => one === other || contentOf(one) === contentOf(other);

/** The comparable part of a declaration: everything but functions. */
const contentOf = ({ definitions }: Group): string =>
  inspect(
    definitions.map(({ schema, kind: { name, options }, ...names }) => ({ ...names, kind: name, options, schema: jsonSchemaOf(schema) })),
    { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity, sorted: true },
  );

const jsonSchemaOf = (schema: Group["definitions"][number]["schema"]): unknown => {
  try {
    return z.toJSONSchema(schema as z.ZodType, { unrepresentable: "any", io: "input" });
  } catch {
    return undefined;
  }
};

const twice =
  (file: string, other: string) =>
  ({ name }: Group): Problem => ({
    code: "GROUP_DECLARED_TWICE",
    path: name,
    message: `the group "${name}" is declared in ${file} and, differently, in ${other}`,
    fix: "declare it once, in a file that both import, or rename one of the groups",
  });
