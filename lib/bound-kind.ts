import type { Generation } from "./generation";
import { ownValue } from "./internal/own-value";
import type { Kind, ResourcePlace, ServerNeed, Variable, VariableTexts, Visibility } from "./kind";

/** A kind bound to one setting's options, with its types erased for shared code. */
export interface BoundKind {
  readonly name: string;
  /** Whether the value as a whole is secret. */
  readonly secret: boolean;
  /** Whether the declared schema alone parses the value. */
  readonly plain: boolean;
  /** With the defaults filled in. */
  readonly options: unknown;
  /** The options that apply in a place. */
  readonly optionsIn: (place: ResourcePlace) => unknown;
  readonly variables: readonly Variable[];
  /** Fields with the same value for all settings on one server, such as its host. */
  readonly sharedFields: readonly string[];
  /** The fields of a provisioned resource. */
  readonly fields: Readonly<Record<string, Visibility>>;
  /** Fields that not every resource has; `"shared"`: only on resources that environments share. */
  readonly optionalFields: Readonly<Record<string, true | "shared">>;
  /** Required fields that a resource lacks. */
  readonly missingFields: (given: object) => readonly string[];
  /**
   * Encodes a resource's fields as the text of each variable, by field.
   *
   * @param wanted fields of the variables @default - all variables that the kind names by default
   * @throws EndowError `CONNECTION_FIELD_INVALID` if a field cannot be written as text
   */
  readonly encode: (fields: object, wanted?: readonly string[]) => VariableTexts;
  /** The options that encoding needs, as plain data. */
  readonly encodeOptions: unknown;
  /** The fields of a parsed value; `undefined` for a kind without fields. */
  readonly decode: (value: unknown) => object | undefined;
  /** Example texts for `fake()`; `undefined` when the kind has none. */
  readonly example: () => VariableTexts | undefined;
  /** Extracts the secrets of a value; absent when they are the texts of the secret variables. */
  readonly secrets?: (value: unknown) => readonly string[];
  /** Reasons why production rejects a value; none contains the value. */
  readonly weaknesses: (value: unknown) => readonly string[];
  /** Present when a resource can provide the value. */
  readonly server?: ServerNeed;
  /** Present when the value is generated if the user supplies none. */
  readonly generation?: Generation;
}

/**
 * Binds a kind to options that its own schema has validated. Callers pass only fields that the kind's recipe or target produced, and values that
 * the kind's schema parsed.
 */
export const bindKind = <Options, Fields, Value>(kind: Kind<string, Options, Fields, Value>, options: Options): BoundKind => {
  const {
    name,
    secret,
    plain = false,
    fields = {},
    optionalFields = {},
    exampleFields,
    encode = {},
    decode,
    example,
    secrets,
    weaknesses,
    server,
  } = kind;
  const generation = kind.generation?.(options);
  const required = Object.keys(fields).filter((field) => !(field in optionalFields));
  const named = kind.variables.flatMap(({ field, suffix }) => (suffix === undefined ? [] : [field]));
  const texts = (given: Fields, wanted: readonly string[] = named): VariableTexts =>
    Object.fromEntries(
      wanted.flatMap((field) => {
        const text = ownValue(encode, field)?.(given, options);
        return text === undefined ? [] : [[field, text]];
      }),
    );
  return {
    name,
    secret,
    plain,
    options,
    optionsIn: (place) => kind.optionsIn?.(options, place) ?? options,
    variables: kind.variables,
    sharedFields: kind.sharedFields?.(options) ?? [],
    fields,
    optionalFields,
    missingFields: (given) => {
      const values = new Map(Object.entries(given));
      return required.filter((field) => values.get(field) === undefined);
    },
    encode: (given, wanted) => texts(given as Fields, wanted),
    encodeOptions: kind.encodeOptions?.(options) ?? options,
    decode: (value) => decode?.(value as Value) as object | undefined,
    example: () => (example ? example(options) : exampleFields && texts(pick(exampleFields, required))),
    ...(secrets && { secrets: (value) => secrets(value as Value) }),
    weaknesses: (value) => (value === undefined || value === null ? [] : (weaknesses?.(value as Value) ?? [])),
    ...(server && { server: server(options) }),
    ...(generation && { generation }),
  };
};

const pick = <Fields>(fields: Required<Fields>, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name))) as Fields;
