import type { Definition, NamedVariable } from "../definition";
import { fault, type Problem } from "../errors";
import type { VariableTexts } from "../kind";
import { defaultOf, type ParseResult } from "../schema";
import { readingOf } from "../text";
import { explain, invalid, type Issue } from "./explain";

/** A setting's value, or what is wrong with it. */
export type Parsed = { readonly value: unknown } | { readonly problems: readonly Problem[] };

/** The input of a setting's schema: the texts for a kind, the decoded text for a plain setting. */
export const inputOf = (
  definition: Definition,
  texts: VariableTexts,
  variables: readonly NamedVariable[],
): { readonly input: unknown } | { readonly problems: readonly Problem[] } => {
  if (!definition.kind.plain) return { input: texts };
  const reading = readingOf(definition.schema);
  const decoded = "decode" in reading ? reading.decode(texts["value"] ?? "") : undefined;
  if (decoded) return { input: decoded.value };
  return { problems: [invalid(variables, undefined, "what" in reading ? `must be ${reading.what}` : "cannot be read")] };
};

/**
 * The input of a setting's schema if neither the setting nor its fallback has a value: nothing, or the fallback's default.
 * `undefined` if the schema requires a value.
 */
export const absentInput = (definition: Definition, byName: ReadonlyMap<string, Definition>): { readonly input: unknown } | undefined => {
  const inherited = definition.hasDefault ? undefined : inheritedDefault(definition, byName);
  if (inherited) return { input: inherited.value };
  return definition.onAbsent === "refused" ? undefined : { input: definition.onAbsent === "null" ? null : undefined };
};

const inheritedDefault = ({ fallback }: Definition, byName: ReadonlyMap<string, Definition>): ReturnType<typeof defaultOf> => {
  const next = fallback === undefined ? undefined : byName.get(fallback);
  return next && (defaultOf(next.schema) ?? inheritedDefault(next, byName));
};

/** Parses, allowing asynchronous checks. */
export const parse = async (definition: Definition, input: unknown, variables: readonly NamedVariable[]): Promise<Parsed> => {
  try {
    return answer(definition, await definition.schema.safeParseAsync(input), variables);
  } catch {
    return thrown(variables);
  }
};

/**
 * Parses synchronously.
 *
 * @throws EndowError `ASYNC_CHECK` if the schema has an asynchronous check.
 */
export const parseSync = (definition: Definition, input: unknown, variables: readonly NamedVariable[]): Parsed => {
  try {
    return answer(definition, definition.schema.safeParse(input), variables);
  } catch (error) {
    // Identified by its message: the class may come from another copy of zod, or be renamed by a bundler.
    if (error instanceof Error && error.message.startsWith("Encountered Promise"))
      throw asyncCheck(`${definition.group}.${definition.name}`);
    return thrown(variables);
  }
};

export const asyncCheck = (path: string) =>
  fault("ASYNC_CHECK", `${path} has an asynchronous check, which loadSync() cannot wait for`, "use `await load(group)`", path);

const answer = (definition: Definition, result: ParseResult, variables: readonly NamedVariable[]): Parsed =>
  result.success
    ? { value: result.data }
    : { problems: result.error.issues.map((issue) => explain(definition, issue as Issue, variables)) };

// An error thrown by a check may quote the value, so none of it is shown.
const thrown = (variables: readonly NamedVariable[]): Parsed => ({
  problems: [invalid(variables, undefined, "could not be checked: a check of its declaration threw an error")],
});
