import { registryOf } from "../internal/registry";
import type { FieldsOf, OptionsOf } from "../kind";
import type { Provisioned, ProvisionedKind } from "../kinds/provisioned";
import { bucket } from "./bucket";
import { postgres } from "./postgres";
import type { Recipe } from "./recipe";
import { redis } from "./redis";

type Recipes = { readonly [K in ProvisionedKind]: Recipe<OptionsOf<Provisioned[K]>, FieldsOf<Provisioned[K]>> };

/** A recipe per kind; a missing kind does not compile. */
const recipes = { bucket, postgres, redis } satisfies Recipes;

/** Files in servers' folders that recipes write atomically. */
export const temporaryFiles: readonly string[] = Object.values<Recipe<never, object>>(recipes).flatMap(
  (recipe) => recipe.temporaryFiles ?? [],
);

/** Returns the recipe of a kind. */
export const { get: recipeOf } = registryOf<Recipe<unknown, object>, Recipe<never, object>>("recipe", recipes);
