import type { BoundKind } from "../bound-kind";
import type { Definition } from "../definition";
import { codeOf } from "../errors";
import { ownValue } from "../internal/own-value";
import type { VariableTexts } from "../kind";
import { fill } from "../template";

/** Text by variable. */
export type Texts = Readonly<Record<string, string>>;

/** How to compose a variable's text from a resource's fields. Plain data, so that a broker can do it where it makes the credential. */
export type Content =
  | { readonly field: string; readonly options: unknown }
  | { readonly template: string; readonly fields: readonly string[]; readonly options: unknown };

/** The content of each variable of a setting, including derived ones. `options` are the kind's options that encoding needs. */
export const contentsOf = ({ kind, variables, derived }: Definition): ReadonlyMap<string, Content> =>
  new Map<string, Content>([
    ...variables.map(({ name, field }) => [name, { field, options: kind.encodeOptions }] as const),
    ...derived.map(({ name, template, fields }) => [name, { template, fields, options: kind.encodeOptions }] as const),
  ]);

/**
 * The text of a variable.
 *
 * @param kind bound to the content's options
 * @returns `undefined` if the resource lacks a field that it needs
 * @throws EndowError `CONNECTION_FIELD_INVALID`
 */
export const composed = (kind: Pick<BoundKind, "encode" | "optionalFields">, content: Content, fields: object): string | undefined =>
  "field" in content
    ? ownValue(kind.encode(fields, [content.field]), content.field)
    : fill(content.template, { ...absentTexts(kind), ...kind.encode(fields, content.fields) });

/**
 * The text of each variable of a setting, including derived ones, from the fields of the resource that provides its value.
 *
 * @throws EndowError `CONNECTION_FIELD_INVALID`
 */
export const textsOfResource = (definition: Definition, fields: object): Texts =>
  present(Array.from(contentsOf(definition), ([name, content]) => [name, composed(definition.kind, content, fields)]));

/**
 * The text of each variable of a setting, including derived ones, from text that a user supplied for it.
 *
 * @param found supplied text by field
 * @param value parsed from `found`; `undefined` if invalid
 * @param everyField whether to compose fields that were not supplied. Otherwise a setting's other form stays unset.
 */
export const textsOfFound = (definition: Definition, found: VariableTexts, value: unknown, everyField: boolean): Texts => {
  const { kind, variables, derived } = definition;
  const fields = value === undefined || value === null ? undefined : kind.decode(value);
  const wanted = [...variables.map(({ field }) => field), ...derived.flatMap((one) => one.fields)];
  const missing = fields ? wanted.filter((field) => !Object.hasOwn(found, field)) : [];
  const made = missing.flatMap((field) => Object.entries(composedOrNone(kind, fields ?? {}, field)));
  const all = { ...absentTexts(kind), ...Object.fromEntries(made), ...found };
  return present([
    ...variables.map(({ name, field }) => [name, ownValue(everyField ? all : found, field)] as const),
    ...derived.map(({ name, template }) => [name, fill(template, all)] as const),
  ]);
};

/** Returns no text for a variable that cannot contain what a user's own server allows, such as a space in a database name. */
const composedOrNone = (kind: Pick<BoundKind, "encode">, fields: object, field: string): VariableTexts => {
  try {
    return kind.encode(fields, [field]);
  } catch (error) {
    if (codeOf(error) !== "CONNECTION_FIELD_INVALID") throw error;
    return {};
  }
};

/** A field of shared resources only is "" in a derived variable. */
const absentTexts = ({ optionalFields }: Pick<BoundKind, "optionalFields">): VariableTexts =>
  Object.fromEntries(Object.entries(optionalFields).flatMap(([field, when]) => (when === "shared" ? [[field, ""]] : [])));

const present = (entries: ReadonlyArray<readonly [string, string | undefined]>): Texts =>
  Object.fromEntries(entries.flatMap(([name, text]) => (text === undefined || text === "" ? [] : [[name, text]])));
