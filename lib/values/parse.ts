import { pathOf, type Definition, type NamedVariable } from "../definition";
import { fault, type Problem } from "../errors";
import { ownValue } from "../internal/own-value";
import type { VariableTexts } from "../kind";
import { defaultOf, definitionOf, unwrap, type ParseResult } from "../schema";
import { settingReading } from "../text";
import { textFault } from "../text-faults";
import { explain, invalid, type Issue } from "./explain";

/** A setting's value, or what is wrong with it. */
export type Parsed = { readonly value: unknown } | { readonly problems: readonly Problem[] };

/** The input of a setting's schema: the texts for a kind, the decoded text for a plain setting. */
export const inputOf = (
  definition: Definition,
  texts: VariableTexts,
  variables: readonly NamedVariable[],
): { readonly input: unknown } | { readonly problems: readonly Problem[] } => {
  if (!definition.kind.plain) {
    // A password among the parts may be any text, and a URL has its own faults.
    const isPassword = (field: string) => field !== "value" && ownValue(definition.kind.fields, field) === "secret";
    const checked = variables.filter(({ field, form }) => form !== "url" && !isPassword(field));
    const problems = checked.flatMap(({ field }) => faultOf(texts[field] ?? "", field, variables));
    return problems.length > 0 ? { problems } : { input: texts };
  }
  const reading = settingReading(definition);
  const text = texts["value"] ?? "";
  const decoded = "decode" in reading ? reading.decode(text) : undefined;
  if (decoded) return { input: decoded.value };
  const faults = faultOf(text, undefined, variables);
  if (faults.length > 0) return { problems: faults };
  if ("refusal" in reading) return { problems: [invalid(variables, undefined, "cannot be read")] };
  return { problems: [invalid(variables, undefined, `must be ${reading.what}`, reading.fix)] };
};

const faultOf = (text: string, field: string | undefined, variables: readonly NamedVariable[]): readonly Problem[] => {
  const fault = textFault(text);
  return fault ? [invalid(variables, field, fault.sentence, fault.fix)] : [];
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
    return answer(definition, input, await definition.schema.safeParseAsync(input), variables);
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
    return answer(definition, input, definition.schema.safeParse(input), variables);
  } catch (error) {
    // Identified by its message: the class may come from another copy of zod, or be renamed by a bundler.
    if (error instanceof Error && error.message.startsWith("Encountered Promise")) throw asyncCheck(pathOf(definition));
    return thrown(variables);
  }
};

export const asyncCheck = (path: string) =>
  fault("ASYNC_CHECK", `${path} has an asynchronous check, which loadSync() cannot wait for`, "use `await load(group)`", path);

const answer = (definition: Definition, input: unknown, result: ParseResult, variables: readonly NamedVariable[]): Parsed => {
  // The input of a plain text setting is its text. The URL standard allows the remains of a reference.
  const isText = typeof input === "string" && (!result.success || isUrl(definition.schema));
  const faults = isText ? faultOf(input, undefined, variables) : [];
  if (faults.length > 0) return { problems: faults };
  return result.success
    ? { value: result.data }
    : { problems: result.error.issues.map((issue) => explain(definition, issue as Issue, variables)) };
};

const isUrl = (schema: Definition["schema"]): boolean => unwrap(schema).some((layer) => definitionOf(layer).format === "url");

// An error thrown by a check may quote the value, so none of it is shown.
const thrown = (variables: readonly NamedVariable[]): Parsed => ({
  problems: [invalid(variables, undefined, "could not be checked: a check of its declaration threw an error")],
});
