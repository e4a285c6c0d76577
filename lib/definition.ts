import type { EnvironmentType } from "./environment";
import type { BoundKind } from "./bound-kind";
import type { Variable } from "./kind";
import { ownValue, writtenEntries } from "./internal/own-value";
import { plainMetadata } from "./kinds/plain";
import { screamingSnake, withSuffix } from "./names";
import { absenceOf, descriptionOf, unwrap, withDefaultIn, type Schema } from "./schema";
import { metadataOf, type Metadata, type VariableNames } from "./setting";
import { fieldsOf } from "./template";

/** A kind's variable under a setting's name for it. A field with several names has one for each. */
export interface NamedVariable extends Omit<Variable, "suffix"> {
  /** Name in the environment: `UPLOADS_BUCKET`. */
  readonly name: string;
}

/** A variable composed of a setting's fields. */
export interface DerivedVariable {
  /** Name of the environment variable. */
  readonly name: string;
  /** Template with fields in braces: `{url}/1`. */
  readonly template: string;
  /** Fields of the template. */
  readonly fields: readonly string[];
  /** Whether any field is secret. */
  readonly secret: boolean;
}

/** A setting with all its names resolved, as everything after the declaration sees it. */
export interface Definition {
  /** The group that declared it, which owns its variables and resources. */
  readonly group: string;
  /** Its key in the group's shape: `databaseUrl`. */
  readonly name: string;
  /** Names its resources, permanently: `shared.databaseUrl`. */
  readonly id: string;
  /** Former ids. */
  readonly formerly: readonly string[];
  /** Its kind, bound to its options. */
  readonly kind: BoundKind;
  /** As declared, wrappers included. */
  readonly schema: Schema;
  /** Its own variables, which are delivered and read. */
  readonly variables: readonly NamedVariable[];
  /** Variables that are only delivered. */
  readonly derived: readonly DerivedVariable[];
  /** Whether `NAME_FILE` may name a file with the value of `NAME`. */
  readonly files: boolean;
  /** Variables of each alias. */
  readonly aliases: ReadonlyArray<readonly NamedVariable[]>;
  /** Name of the setting whose value is used when this one has none. */
  readonly fallback?: string;
  /** Environment types in which the setting must have a value; elsewhere it is optional. */
  readonly requiredIn?: readonly EnvironmentType[];
  /** Values by the name of a plain setting: when all of them match, this setting must have a value. */
  readonly requiredWhen?: Readonly<Record<string, readonly unknown[]>>;
  /** How the schema treats an absent value: it accepts `undefined`, accepts `null`, or refuses it. */
  readonly onAbsent: "undefined" | "null" | "refused";
  /** Whether the schema has a default. */
  readonly hasDefault: boolean;
  /** One line for tables and guides. */
  readonly description?: string;
}

/** `<group>.<name>`, as in the code. */
export const pathOf = ({ group, name }: Pick<Definition, "group" | "name">): string => `${group}.${name}`;

/** The variables that can hold a setting's value: its own, and those of its aliases. */
export const acceptedVariables = ({ variables, aliases }: Pick<Definition, "variables" | "aliases">): readonly NamedVariable[] =>
  [variables, ...aliases].flat();

/** What a group adds to a setting's definition. */
export interface GroupTraits {
  /** Prefix of the names derived from settings' names. */
  readonly prefix?: string | undefined;
  readonly requiredWhen?: Definition["requiredWhen"];
}

/** Resolves a setting's definition. */
export const define = (group: string, name: string, schema: Schema, { prefix = "", requiredWhen }: GroupTraits = {}): Definition => {
  const { kind, common } = metadataIn(schema);
  const description = common.description ?? descriptionOf(schema);
  const visible = new Map(kind.variables.map(({ field, secret }) => [field, secret]));
  return {
    group,
    name,
    id: common.id ?? `${group}.${name}`,
    formerly: common.formerly ?? [],
    kind,
    schema,
    variables: named(kind, common.variables, common.env ?? `${prefix}${screamingSnake(name)}`),
    derived: writtenEntries(common.derive ?? {}).map(([variable, template]) => {
      const fields = [...new Set(fieldsOf(template).map(({ field }) => field))];
      return { name: variable, template, fields, secret: fields.some((field) => visible.get(field) ?? kind.secret) };
    }),
    files: common.files ?? true,
    aliases: [common.alias ?? []].flat().map((alias) => (typeof alias === "string" ? named(kind, {}, alias) : named(kind, alias))),
    ...(common.fallback !== undefined && { fallback: common.fallback }),
    ...(common.requiredIn !== undefined && { requiredIn: common.requiredIn }),
    ...(requiredWhen && { requiredWhen }),
    onAbsent: absenceOf(schema),
    hasDefault: withDefaultIn(schema) !== undefined,
    ...(description !== undefined && { description }),
  };
};

/** Names a kind's variables: those given by field exactly, the others from the base name, if there is one. */
const named = ({ variables }: BoundKind, names: VariableNames = {}, base?: string): readonly NamedVariable[] =>
  variables.flatMap(({ suffix, ...variable }) => {
    const given = ownValue(names, variable.field);
    if (given === false) return [];
    const byDefault = base === undefined || suffix === undefined ? [] : [withSuffix(base, suffix)];
    return [given ?? byDefault].flat().map((name) => ({ ...variable, name }));
  });

/** The metadata of a schema or of the schema that it wraps; a bare zod schema is a plain setting. */
export const metadataIn = (schema: Schema): Metadata => unwrap(schema).map(metadataOf).find(Boolean) ?? plainMetadata;
