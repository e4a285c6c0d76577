import { pathOf } from "../definition";
import type { Generation } from "../generation";
import { suppliedNames, type PlanContext } from "./context";

/** A setting's value that is generated once for the environment, because the user supplies none. */
export interface PlannedSecret {
  /** Permanent id of the setting, under which the value is kept. */
  readonly id: string;
  /** Former ids, whose value it inherits. */
  readonly formerly: readonly string[];
  /** `<group>.<name>` in the code. */
  readonly setting: string;
  /** Name of the setting's kind: `secret`. */
  readonly kind: string;
  /** How to make a new value. An existing value is always kept. */
  readonly generation: Generation;
  /** The maker: the deploy, or a broker, which writes it to the store and keeps it out of Pulumi's state. */
  readonly by: "deploy" | "broker";
}

/** Plans the values that the target generates. */
export const planGenerated = (context: PlanContext): readonly PlannedSecret[] => {
  const { generated: by } = context.target;
  if (by === undefined) return [];
  return context.settings.flatMap(({ definition }) => {
    const { id, formerly, kind } = definition;
    if (!kind.generation || suppliedNames(definition, context.supplied)) return [];
    return [{ id, formerly, setting: pathOf(definition), kind: kind.name, generation: kind.generation, by }];
  });
};
