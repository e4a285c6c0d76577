import type { z } from "zod/v4";
import type { Definition, NamedVariable } from "../definition";
import type { Problem } from "../errors";
import { ownValue } from "../internal/own-value";
import { definitionOf, wrappers, type Schema } from "../schema";
import { shown } from "../text";

export type Issue = z.core.$ZodIssue;

/**
 * Explains what is wrong with a value from the declaration alone: zod's facts (`minimum`, `prefix`) come from there,
 * while its messages and paths may contain parts of the value.
 */
export const explain = (definition: Definition, issue: Issue, variables: readonly NamedVariable[]): Problem => {
  // Our own kinds explain themselves.
  const { sentence, field, fix } =
    issue.code === "custom" ? ((issue.params ?? {}) as { sentence?: string; field?: string; fix?: string }) : {};
  if (sentence !== undefined) return invalid(variables, field, sentence, fix);
  const where = declaredPath(definition.schema, issue.path);
  return invalid(variables, undefined, `${described(issue, definition.kind.secret)}${where === "" ? "" : ` at ${where}`}`);
};

/**
 * A problem with the variable of a field.
 *
 * @param sentence follows the variable's name; `{url}` in it stands for the name of that field's variable
 */
export const invalid = (variables: readonly NamedVariable[], field: string | undefined, sentence: string, fix?: string): Problem => {
  const nameOf = (one: string | undefined) => variables.find((variable) => variable.field === one)?.name;
  const name = nameOf(field) ?? variables[0]?.name ?? "";
  const named = (text: string) => text.replaceAll(/\{(\w+)\}/g, (match, other: string) => nameOf(other) ?? match);
  // A URL without a variable is composed of the parts.
  if (field !== undefined && field !== "url" && nameOf(field) === undefined)
    return {
      code: "SETTING_INVALID",
      path: name,
      message: `${name} is not enough: the field \`${field}\`, which has no variable, ${named(sentence)}`,
      fix: `name its variable in the declaration: { variables: { ${field}: "..." } }`,
    };
  return { code: "SETTING_INVALID", path: name, message: `${name} ${named(sentence)}`, fix: named(fix ?? `correct the value of ${name}`) };
};

const described = (issue: Issue, secret: boolean): string => {
  if (issue.code === "too_small")
    return `must ${bound(issue.origin, issue.minimum, issue.exact, issue.inclusive ? "at least" : "more than")}`;
  if (issue.code === "too_big") return `must ${bound(issue.origin, issue.maximum, issue.exact, issue.inclusive ? "at most" : "less than")}`;
  if (issue.code === "not_multiple_of") return `must be a multiple of ${issue.divisor}`;
  if (issue.code === "invalid_format") return format(issue);
  if (issue.code === "invalid_type") return `must be ${ownValue(types, issue.expected) ?? `of type ${issue.expected}`}`;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(shown).join(", ")}`;
  if (issue.code === "unrecognized_keys") return "has a key that is not declared";
  if (issue.code === "custom" && !secret && issue.message !== "Invalid input") return `is refused: ${issue.message}`;
  return "fails a check of its declaration";
};

const types: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  date: "a date, such as 2026-01-31 or 2026-01-31T12:00:00Z",
  array: "a list",
  object: "an object",
};

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ["character", "characters"],
  array: ["entry", "entries"],
  set: ["entry", "entries"],
};

const bound = (origin: string, limit: number | bigint, exact: boolean | undefined, words: string): string => {
  const [one, many] = ownValue(units, origin) ?? [];
  const value = origin === "date" ? new Date(Number(limit)).toISOString() : `${limit}`;
  const unit = Number(limit) === 1 ? one : many;
  return `${unit ? "have" : "be"} ${exact ? "exactly" : words} ${value}${unit ? ` ${unit}` : ""}`;
};

const format = ({ format, prefix, suffix }: { readonly format: string; readonly prefix?: string; readonly suffix?: string }): string => {
  if (prefix !== undefined) return `must start with ${shown(prefix)}`;
  if (suffix !== undefined) return `must end with ${shown(suffix)}`;
  if (["regex", "template_literal", "includes"].includes(format)) return "does not match the declared format";
  return `must be a valid ${ownValue(formats, format) ?? format}`;
};

/** Formats whose names in zod are not the usual ones. */
const formats: Readonly<Record<string, string>> = {
  url: "URL",
  email: "email address",
  uuid: "UUID",
  guid: "UUID",
  ipv4: "IPv4 address",
  ipv6: "IPv6 address",
  cidrv4: "IPv4 range",
  cidrv6: "IPv6 range",
  datetime: "date and time, such as 2026-01-31T12:00:00Z",
  date: "date, such as 2026-01-31",
  time: "time, such as 12:00:00",
  duration: "duration, such as P1DT12H",
  jwt: "JWT",
  e164: "phone number, such as +14155550100",
};

/** The part of a path that comes from the declaration: positions and declared names, not the keys of a record. */
const declaredPath = (schema: Schema | undefined, [key, ...rest]: readonly PropertyKey[]): string => {
  if (!schema || key === undefined) return "";
  const { type, innerType, in: input, out, shape = {}, element, items } = definitionOf(schema);
  if (wrappers.has(type)) return declaredPath(innerType, [key, ...rest]);
  if (type === "pipe") return declaredPath(input, [key, ...rest]) || declaredPath(out, [key, ...rest]);
  const next = typeof key === "number" ? (element ?? items?.[key]) : ownValue(shape, String(key));
  return next ? [String(key), declaredPath(next, rest)].filter(Boolean).join(".") : "";
};
