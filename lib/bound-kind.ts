import type { Kind, ServerNeed, Variable, VariableTexts, Visibility } from "./kind";

/** A kind with the options of one setting: what shared code works with, which knows the types of neither. */
export interface BoundKind {
  readonly name: string;
  /** Whether the value as a whole is secret. */
  readonly secret: boolean;
  /** Whether the declared schema parses the value by itself. */
  readonly plain: boolean;
  /** With the defaults filled in. */
  readonly options: unknown;
  readonly variables: readonly Variable[];
  /** The fields of a provisioned resource. */
  readonly fields: Readonly<Record<string, Visibility>>;
  /** Those that not every resource has; `"shared"`: only those have them that environments share. */
  readonly optionalFields: Readonly<Record<string, true | "shared">>;
  /** Those that every resource must have and this one lacks. */
  readonly missingFields: (given: object) => readonly string[];
  /** A resource's fields to the text of each variable, by suffix. */
  readonly encode: (fields: object) => VariableTexts;
  /** What `fake()` uses; `undefined` when there is no sensible one. */
  readonly example: () => VariableTexts | undefined;
  /** The secrets of a value; absent when they are the texts of the secret variables. */
  readonly secrets?: (value: unknown) => readonly string[];
  /** Why production refuses a value: sentences without it. */
  readonly weaknesses: (value: unknown) => readonly string[];
  /** Present when a resource can provide the value. */
  readonly server?: ServerNeed;
}

/**
 * Binds a kind to options that its own schema has let through. Fields and values are handed in later by code that got them for this very kind:
 * from its recipe or target, and from its schema.
 */
export const bindKind = <Options, Fields, Value>(kind: Kind<string, Options, Fields, Value>, options: Options): BoundKind => {
  const {
    name,
    secret,
    plain = false,
    fields = {},
    optionalFields = {},
    exampleFields,
    encode,
    example,
    secrets,
    weaknesses,
    server,
  } = kind;
  const required = Object.keys(fields).filter((field) => !(field in optionalFields));
  return {
    name,
    secret,
    plain,
    options,
    variables: kind.variables(options),
    fields,
    optionalFields,
    missingFields: (given) => {
      const values = new Map(Object.entries(given));
      return required.filter((field) => values.get(field) === undefined);
    },
    encode: (given) => encode?.(given as Fields, options) ?? {},
    example: () => (example ? example(options) : exampleFields && encode?.(pick(exampleFields, required), options)),
    ...(secrets && { secrets: (value) => secrets(value as Value) }),
    weaknesses: (value) => (value === undefined || value === null ? [] : (weaknesses?.(value as Value) ?? [])),
    ...(server && { server: server(options) }),
  };
};

const pick = <Fields>(fields: Required<Fields>, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name))) as Fields;
