import type { Resource } from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import type { Platform } from "../contract/platform";
import type { Target } from "../contract/target";
import type { Problem } from "../errors";
import type { Plan } from "../plan";
import type { Group } from "../settings";

type Things = Map<string, unknown>;

/** A global symbol, because each entry point of the package is bundled separately, and copies of a module share no state. */
const STACKS = Symbol.for("endow.stacks");

const stacks = (): WeakMap<object, Things> => {
  const holder = globalThis as { [STACKS]?: WeakMap<object, Things> };
  return (holder[STACKS] ??= new WeakMap());
};

/**
 * Creates something that the components of a stack share only once, such as the server of settings in two groups.
 *
 * @param key unique in the stack
 */
export const oncePerStack = <T>(key: string, make: () => T): T => {
  const run = getMonitor();
  if (run === undefined) return make();
  const known = stacks().get(run) ?? new Map<string, unknown>();
  stacks().set(run, known);
  if (!known.has(key)) known.set(key, make());
  return known.get(key) as T;
};

interface Claims {
  readonly groups: Set<string>;
  /** Project and environment of the stack. */
  place?: string;
  /** Place of each target, by target name. */
  readonly targets: Map<string, string>;
}

const claims = (): Claims => oncePerStack("claims", () => ({ groups: new Set(), targets: new Map() }));

const placeOf = ({ project, environment }: Plan): string => `project "${project}", environment "${environment.name}"`;

/** Reasons why the groups cannot be deployed alongside the stack's other components. */
export const claimProblems = (plan: Plan, target: Target<Platform>, groups: readonly Group[]): readonly Problem[] => {
  const { groups: taken, place = placeOf(plan), targets } = claims();
  const { name } = target.facts;
  const other = targets.get(name) ?? target.place;
  return [
    ...(place === placeOf(plan)
      ? []
      : [
          {
            code: "PROJECT_DIFFERS",
            path: "prefix",
            message: `this component is for ${placeOf(plan)}, but another component of the stack is for ${place}`,
            fix: "use the same project and environment for both components (a stack is one environment of one project), or a separate stack",
          },
        ]),
    ...(other === target.place
      ? []
      : [
          {
            code: "TARGET_DIFFERS",
            path: "target",
            // The components share servers, and a server is in one place.
            message: `this component is for ${name} at ${target.place}, but another component of the stack is for ${name} at ${other}`,
            fix: "use the same target for both components, or a separate stack",
          },
        ]),
    ...groups
      .filter((group) => taken.has(group.name))
      .map((group) => ({
        code: "GROUP_TWICE",
        path: "group",
        // Two components would both write the group's container.
        message: `another component of this stack already deploys the group "${group.name}"`,
        fix: "use that component in both places, or give this one a separate group with settings.extend()",
      })),
  ];
};

/** Reserves the groups, so that no other component deploys them. */
export const claim = (plan: Plan, target: Target<Platform>, groups: readonly Group[]): void => {
  const { groups: taken, targets } = Object.assign(claims(), { place: placeOf(plan) });
  if (target.place !== undefined) targets.set(target.facts.name, target.place);
  for (const { name } of groups) taken.add(name);
};

/** The grants of a consumer so far. */
export interface Grants {
  readonly consumer: object;
  /** `run postgres` */
  readonly permissions: Set<string>;
  readonly resources: Resource[];
}

/** The grants of the consumer with this name; `undefined` if another consumer has the name. */
export const grantsTo = (name: string, consumer: object): Grants | undefined => {
  const grants = oncePerStack(`consumer ${name}`, (): Grants => ({ consumer, permissions: new Set(), resources: [] }));
  return grants.consumer === consumer ? grants : undefined;
};
