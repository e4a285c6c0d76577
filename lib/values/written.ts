import type { BoundKind } from "../bound-kind";
import type { Definition } from "../definition";
import { codeOf } from "../errors";
import { ownValue } from "../internal/own-value";
import type { VariableTexts } from "../kind";
import { fill } from "../template";

/** Texts by variable. */
export type Texts = Readonly<Record<string, string>>;

/** How the text of a variable is made from the fields of a resource. Plain data, so that a broker can do it where the credential is made. */
export type Content =
  | { readonly field: string; readonly options: unknown }
  | { readonly template: string; readonly fields: readonly string[]; readonly options: unknown };

/** The content of each variable of a setting, derived ones included. `options` are those of its kind that encoding needs. */
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
 * The texts of a setting's variables, derived ones included, from the fields of the resource that provides its value.
 *
 * @throws EndowError `CONNECTION_FIELD_INVALID`
 */
export const textsOfResource = (definition: Definition, fields: object): Texts =>
  present(Array.from(contentsOf(definition), ([name, content]) => [name, composed(definition.kind, content, fields)]));

/**
 * The texts of a setting's variables, derived ones included, from texts that a user supplied for it.
 *
 * @param found by field
 * @param value parsed from them; `undefined` if they are not valid
 * @param everyField whether to compose fields that were not supplied, too. Otherwise a setting's other form stays unset.
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

/** A user's own server may have what the text of a variable cannot contain, such as a space in its database's name: then it has no such text. */
const composedOrNone = (kind: Pick<BoundKind, "encode">, fields: object, field: string): VariableTexts => {
  try {
    return kind.encode(fields, [field]);
  } catch (error) {
    if (codeOf(error) !== "CONNECTION_FIELD_INVALID") throw error;
    return {};
  }
};

/** A field that only shared resources have is "" in a derived variable. */
const absentTexts = ({ optionalFields }: Pick<BoundKind, "optionalFields">): VariableTexts =>
  Object.fromEntries(Object.entries(optionalFields).flatMap(([field, when]) => (when === "shared" ? [[field, ""]] : [])));

const present = (entries: ReadonlyArray<readonly [string, string | undefined]>): Texts =>
  Object.fromEntries(entries.flatMap(([name, text]) => (text === undefined || text === "" ? [] : [[name, text]])));
