import { acceptedVariables, pathOf, type Definition } from "../definition";
import { groupBy } from "../internal/group-by";
import { ownValue } from "../internal/own-value";
import type { Plan } from "../plan";
import type { Group } from "../settings";
import { gather } from "../values/gather";
import { inputOf } from "../values/parse";
import { textsOfFound, textsOfResource, type Texts } from "../values/written";
import { parseNow } from "./context";

/** The sources of an environment's values. */
export interface ValueSources {
  /** The fields of a setting's resource or generated value, by the setting's path; `undefined` if there are none yet. */
  readonly fieldsOf: (setting: string) => object | undefined;
  /** Values that the user supplied, by variable. */
  readonly supplied: Texts;
}

/** The value of every variable that has one: exactly what an app gets. */
export const deliveredValues = (plan: Plan, groups: readonly Group[], { fieldsOf, supplied }: ValueSources): Texts => {
  const definitions = new Map(groups.flatMap((group) => group.definitions).map((one) => [pathOf(one), one] as const));
  const values = [...groupBy(plan.variables, ({ setting }) => setting)].flatMap(([setting, rows]) => {
    const definition = definitions.get(setting);
    const provider = definitions.get(rows.find(({ provider }) => provider !== undefined)?.provider ?? setting);
    if (!definition || !provider) return [];
    const isMade = rows.some(({ source }) => source === "provisioned" || source === "generated");
    const fields = isMade ? fieldsOf(pathOf(provider)) : undefined;
    const texts = isMade ? fields && textsOfResource(definition, fields) : suppliedTexts(definition, provider, supplied);
    return rows.flatMap(({ name, state, value }) => {
      const text = state === "ready" ? (ownValue(supplied, name) ?? value ?? ownValue(texts ?? {}, name)) : undefined;
      return text === undefined ? [] : [[name, text] as const];
    });
  });
  return Object.fromEntries(values);
};

/**
 * A setting's variables from values that the user supplied for it or for the setting that it falls back to. Invalid values are passed on unchanged,
 * and no others are composed of them. Values in files are left to the app, as perhaps only the app can read them.
 */
export const suppliedTexts = (definition: Definition, provider: Definition, supplied: Texts): Texts => {
  const direct = acceptedVariables(provider).map(({ name }) => [name, ownValue(supplied, name)] as const);
  const gathered = gather([provider], Object.fromEntries(direct), new Map()).get(provider);
  if (gathered?.found !== "value") return {};
  const input = inputOf(provider, gathered.texts, gathered.variables);
  const parsed = "input" in input ? parseNow(provider, input.input) : undefined;
  return textsOfFound(definition, gathered.texts, parsed && "value" in parsed ? parsed.value : undefined, provider !== definition);
};
