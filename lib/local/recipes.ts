import type { FieldsOf, OptionsOf } from "../kind";
import type { Provisioned, ProvisionedKind } from "../kinds";
import { bucket } from "./bucket";
import { postgres } from "./postgres";
import type { Recipe } from "./recipe";
import { redis } from "./redis";

type Recipes = { readonly [K in ProvisionedKind]: Recipe<OptionsOf<Provisioned[K]>, FieldsOf<Provisioned[K]>> };

/** A recipe per kind; a kind left out does not compile. */
const recipes = { bucket, postgres, redis } satisfies Recipes;

/** The recipe of a planned server. Its options and fields belong to its kind, which the caller has at hand as data. */
export const recipeOf = (kind: string): Recipe<unknown, unknown> => recipes[kind as ProvisionedKind] as unknown as Recipe<unknown, unknown>;
