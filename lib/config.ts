import type { AnySchema, OutputOf } from "./schema";
import type { TraitsOf } from "./setting";

/** A group's settings as declared: zod schemas by name. */
export type Shape = Readonly<Record<string, AnySchema>>;

/** Flattens a computed type into a plain object type. */
export type Simplify<T> = { readonly [K in keyof T]: T[K] } & {};

type Trait<S, P extends string> = TraitsOf<S> extends infer T ? (T extends { readonly [K in P]: infer V } ? V : never) : never;
type FallbackOf<S> = Extract<Trait<S, "fallback">, string>;
export type KindOf<S> = [TraitsOf<S>] extends [never] ? "plain" : Extract<Trait<S, "kind">, string>;

/** `undefined` for a type that includes `undefined` or `null`: a setting that falls back to such a value may have none. */
type UndefinedIfNone<T> = [Extract<T, undefined | null>] extends [never] ? never : undefined;

/** `undefined` where a setting may have no value: `requiredIn`, `requiredWhen`, or a fallback that may have none. */
type Absence<S extends Shape, When, Base, K extends keyof S> =
  | (true extends Trait<S[K], "conditional"> ? undefined : never)
  | (K extends keyof When ? undefined : never)
  | (FallbackOf<S[K]> extends infer F
      ? F extends keyof Base
        ? UndefinedIfNone<Base[F]>
        : F extends keyof S
          ? UndefinedIfNone<OutputOf<S[F]> | Absence<S, When, Base, F>>
          : never
      : never);

/** The type that `load()` returns for a shape; `Base` is the type for the extended group. */
export type ConfigOf<S extends Shape, When = unknown, Base = unknown> = Simplify<
  Base & { [K in keyof S]: OutputOf<S[K]> | Absence<S, When, Base, K> }
>;

/** The shape itself, with an error message in place of each invalid setting. `Base` is the shape of the extended group. */
export type CheckedShape<S extends Shape, Base extends Shape = {}> = {
  [K in keyof S]: K extends keyof Base
    ? `'${K & string}' is already a setting of the extended group`
    : [FallbackOf<S[K]>] extends [never]
      ? S[K]
      : CheckedFallback<S, Base & S, K>;
};

type CheckedFallback<S extends Shape, All extends Shape, K extends keyof S> =
  FallbackOf<S[K]> extends keyof All & string
    ? KindOf<S[K]> extends KindOf<All[FallbackOf<S[K]>]>
      ? S[K]
      : `'${K & string}' is a ${KindOf<S[K]> & string} and cannot fall back to '${FallbackOf<S[K]>}', a ${KindOf<All[FallbackOf<S[K]>]> & string}`
    : `'${K & string}' falls back to '${FallbackOf<S[K]>}', which is not a setting of this group`;

/** `requiredWhen`, with an error message in place of each mistake. Conditions name plain settings, because a plan needs their values. */
export type CheckedWhen<S extends Shape, When, All extends Shape = S> = {
  [K in keyof When]: K extends keyof S
    ? {
        [D in keyof When[K]]: D extends keyof All
          ? KindOf<All[D]> extends "plain"
            ? OutputOf<All[D]> | readonly OutputOf<All[D]>[]
            : `'${D & string}' is a ${KindOf<All[D]> & string}: a condition must name a plain setting`
          : `'${D & string}' is not a setting of this group`;
      }
    : `'${K & string}' is not a setting of this group`;
};
