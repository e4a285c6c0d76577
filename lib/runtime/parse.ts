import type { z } from "zod";
import type { Definition, NamedVariable } from "../definition";
import { fault, type Problem } from "../errors";
import type { Texts } from "../kind";
import { readingOf } from "../text";

type Issue = z.core.$ZodIssue;
type Result =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };

/** A setting's value, or what is wrong with it. */
export type Parsed = { readonly value: unknown } | { readonly problems: readonly Problem[] };

/** What a setting's schema is given: the texts for a kind, the decoded text for a plain setting. */
export const inputOf = (
  definition: Definition,
  texts: Texts,
  variables: readonly NamedVariable[],
): { readonly input: unknown } | { readonly problems: readonly Problem[] } => {
  if (!definition.kind.bare) return { input: texts };
  const reading = readingOf(definition.schema);
  const decoded = "decode" in reading ? reading.decode(texts[""] ?? "") : undefined;
  if (decoded) return { input: decoded.value };
  return { problems: [invalid(variables, undefined, "what" in reading ? `must be ${reading.what}` : "cannot be read")] };
};

/** What an absent value is to a setting's schema. */
export const absentInput = ({ absent }: Definition): undefined | null => (absent === "null" ? null : undefined);

/** Parses with asynchronous checks allowed. */
export const parse = async (definition: Definition, input: unknown, variables: readonly NamedVariable[]): Promise<Parsed> => {
  try {
    return answer(definition, await definition.schema.safeParseAsync(input), variables);
  } catch {
    return thrown(variables);
  }
};

/**
 * Parses without waiting.
 *
 * @throws EndowError `ASYNC_CHECK` when the schema has an asynchronous check.
 */
export const parseSync = (definition: Definition, input: unknown, variables: readonly NamedVariable[]): Parsed => {
  try {
    return answer(definition, definition.schema.safeParse(input), variables);
  } catch (error) {
    if (error instanceof Error && error.constructor.name === "$ZodAsyncError") throw asyncCheck(`${definition.group}.${definition.name}`);
    return thrown(variables);
  }
};

export const asyncCheck = (path: string) =>
  fault("ASYNC_CHECK", `${path} has an asynchronous check, which loadSync() cannot wait for`, "use `await load(group)`", path);

const answer = (definition: Definition, result: Result, variables: readonly NamedVariable[]): Parsed =>
  result.success ? { value: result.data } : { problems: result.error.issues.map((issue) => problemOf(definition, issue, variables)) };

// What a check throws may quote the value, so nothing of it is shown.
const thrown = (variables: readonly NamedVariable[]): Parsed => ({
  problems: [invalid(variables, undefined, "could not be checked: a check of its declaration threw an error")],
});

const problemOf = (definition: Definition, issue: Issue, variables: readonly NamedVariable[]): Problem => {
  // Our own kinds explain themselves.
  const { sentence, suffix, fix } =
    issue.code === "custom" ? ((issue.params ?? {}) as { sentence?: string; suffix?: string; fix?: string }) : {};
  if (sentence !== undefined) return invalid(variables, suffix, sentence, fix);
  const where = issue.path.length > 0 && !definition.kind.secret ? ` at ${issue.path.join(".")}` : "";
  return invalid(variables, undefined, `${described(issue, definition.kind.secret)}${where}`);
};

/**
 * Says what is allowed, out of the schema alone. zod's own messages are not used for secrets, because a declaration can make
 * them say anything, the value included; its facts (`minimum`, `prefix`) come from the declaration.
 */
const described = (issue: Issue, secret: boolean): string => {
  if (issue.code === "too_small") return `must have ${issue.exact ? "exactly" : "at least"} ${issue.minimum}${unit(issue.origin)}`;
  if (issue.code === "too_big") return `must have ${issue.exact ? "exactly" : "at most"} ${issue.maximum}${unit(issue.origin)}`;
  const { prefix, suffix } = issue as { readonly prefix?: string; readonly suffix?: string };
  if (prefix !== undefined) return `must start with ${JSON.stringify(prefix)}`;
  if (suffix !== undefined) return `must end with ${JSON.stringify(suffix)}`;
  if (issue.code === "invalid_format")
    return issue.format === "regex" ? "does not have the form its declaration asks for" : `must be a valid ${issue.format}`;
  if (issue.code === "invalid_type") return `must be ${issue.expected === "int" ? "a whole number" : `of type ${issue.expected}`}`;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map((value) => JSON.stringify(String(value))).join(", ")}`;
  if (issue.code === "custom" && !secret && issue.message !== "Invalid input") return `is refused: ${issue.message}`;
  return "does not pass a check of its declaration";
};

const units: Readonly<Record<string, string>> = { string: " characters", array: " entries", set: " entries", file: " bytes" };

const unit = (origin: string): string => units[origin] ?? "";

const invalid = (variables: readonly NamedVariable[], suffix: string | undefined, sentence: string, fix?: string): Problem => {
  const name = (variables.find((variable) => variable.suffix === suffix) ?? variables[0])?.name ?? "";
  return { code: "SETTING_INVALID", path: name, message: `${name} ${sentence}`, fix: fix ?? `correct the value of ${name}` };
};
