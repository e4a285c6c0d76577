import type { Plan } from "../plan";
import { deliveredValues } from "../plan/delivered";
import type { Session } from "./session";

/** The values that servers provided, except those since replaced by a supplied value, such as the parts of a URL. */
export const currentValues = (
  { groups, supplied }: Session,
  plan: Plan,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const provided = new Set(plan.variables.flatMap(({ name, source, state }) => (state === "ready" && source !== "supplied" ? [name] : [])));
  return {
    ...Object.fromEntries(Object.entries(values).filter(([name]) => provided.has(name))),
    ...deliveredValues(plan, groups, { fieldsOf: () => undefined, supplied: supplied.values }),
    ...supplied.values,
  };
};
