import type { EnvironmentType } from "./environment";
import type { BoundKind } from "./bound-kind";
import type { Variable } from "./kind";
import { plainMetadata } from "./kinds/plain";
import { screamingSnake, withSuffix } from "./names";
import { absenceOf, defaultOf, descriptionOf, unwrap, type Schema } from "./schema";
import { metadataOf, type Metadata } from "./setting";

/** A kind's variable with the full name that a setting gives it. */
export interface NamedVariable extends Variable {
  /** Name in the environment: `UPLOADS_BUCKET`. */
  readonly name: string;
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
  /** Variables under the setting's own name. */
  readonly variables: readonly NamedVariable[];
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

/** The variables that can hold a setting's value: its own, and those of its aliases. */
export const acceptedVariables = ({ variables, aliases }: Pick<Definition, "variables" | "aliases">): readonly NamedVariable[] =>
  [variables, ...aliases].flat();

/** Resolves a setting's definition. */
export const define = (group: string, name: string, schema: Schema, requiredWhen?: Definition["requiredWhen"]): Definition => {
  const { kind, common } = metadataIn(schema);
  const named = (base: string): readonly NamedVariable[] =>
    kind.variables.map((variable) => ({ ...variable, name: withSuffix(base, variable.suffix) }));
  const description = common.description ?? descriptionOf(schema);
  return {
    group,
    name,
    id: common.id ?? `${group}.${name}`,
    formerly: common.formerly ?? [],
    kind,
    schema,
    variables: named(common.env ?? screamingSnake(name)),
    aliases: [common.alias ?? []].flat().map(named),
    ...(common.fallback !== undefined && { fallback: common.fallback }),
    ...(common.requiredIn !== undefined && { requiredIn: common.requiredIn }),
    ...(requiredWhen && { requiredWhen }),
    onAbsent: absenceOf(schema),
    hasDefault: defaultOf(schema) !== undefined,
    ...(description !== undefined && { description }),
  };
};

/** The metadata of a schema or of the schema that it wraps; a bare zod schema is a plain setting. */
export const metadataIn = (schema: Schema): Metadata => unwrap(schema).map(metadataOf).find(Boolean) ?? plainMetadata;
