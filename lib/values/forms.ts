import type { NamedVariable } from "../definition";

/** Whether a set of variables is a complete value, or what it lacks. */
export type Completeness =
  | { readonly complete: true }
  /** Names of variables that must also be set. */
  | { readonly complete: false; readonly missing: readonly string[] };

/**
 * Whether the set variables are a complete value. A value has one or more forms, such as a URL or its parts; one complete form is enough. So is
 * one of several names for a field.
 *
 * @returns `undefined` if no variable is set
 */
export const completenessOf = (variables: readonly NamedVariable[], isSet: (name: string) => boolean): Completeness | undefined => {
  const set = variables.filter(({ name }) => isSet(name));
  const [first] = set;
  if (!first) return undefined;
  const fields = new Set(set.map(({ field }) => field));
  const lacking = formsOf(variables).map(({ form, members }) => {
    const missing = firstOfEach(members.filter(({ field, required }) => required && !fields.has(field)));
    return { begun: set.some((variable) => variable.form === form), missing: missing.map(({ name }) => name) };
  });
  const begun = lacking.filter((one) => one.begun);
  const nearest = (begun.length > 0 ? begun : lacking)[0];
  if (begun.some(({ missing }) => missing.length === 0)) return { complete: true };
  return nearest === undefined || nearest.missing.length === 0 ? { complete: true } : { complete: false, missing: nearest.missing };
};

/** Whether all set variables may have been set for other purposes: `AWS_REGION`. */
export const areAmbient = (set: ReadonlyArray<Pick<NamedVariable, "name" | "ambient">>): boolean =>
  set.length > 0 && set.every(({ name, ambient = [] }) => ambient.includes(name));

/** The variables of each form; those without a form belong to all. */
const formsOf = (variables: readonly NamedVariable[]) => {
  const forms = [...new Set(variables.flatMap(({ form }) => form ?? []))];
  const all = forms.length === 0 ? [undefined] : forms;
  return all.map((form) => ({ form, members: variables.filter((variable) => variable.form === undefined || variable.form === form) }));
};

/** The variables that a user must set for a complete value: those of its first form, one for each field; any one where none is required. */
export const neededVariables = (variables: readonly NamedVariable[]): readonly NamedVariable[] => {
  const required = firstOfEach(formsOf(variables)[0]?.members.filter((variable) => variable.required) ?? []);
  return required.length > 0 ? required : variables.slice(0, 1);
};

/** The first name of each field. */
const firstOfEach = (variables: readonly NamedVariable[]): readonly NamedVariable[] =>
  variables.filter(({ field }, index) => variables.findIndex((one) => one.field === field) === index);
