import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import type { Problem } from "../errors";
import type { Plan } from "../plan";
import type { Group } from "../settings";
import type { Target } from "./targets/target";

const stacks = new WeakMap<object, Map<string, unknown>>();

/**
 * Makes a thing that the components of a stack share, once: the server that the settings of two groups live on.
 *
 * @param key what it is, unique in the stack
 */
export const oncePerStack = <T>(key: string, make: () => T): T => {
  const run = getMonitor();
  if (run === undefined) return make();
  const known = stacks.get(run) ?? new Map<string, unknown>();
  stacks.set(run, known);
  if (!known.has(key)) known.set(key, make());
  return known.get(key) as T;
};

interface Claims {
  readonly groups: Set<string>;
  /** Of which project and environment the stack is. */
  place?: string;
  /** Where its targets are, by their names. */
  readonly targets: Map<string, string>;
}

const claims = (): Claims => oncePerStack("claims", () => ({ groups: new Set(), targets: new Map() }));

const placeOf = ({ project, environment }: Plan): string => `project "${project}", environment "${environment.name}"`;

/** Why the groups cannot be deployed beside what the stack has already. */
export const claimProblems = (plan: Plan, target: Target, groups: readonly Group[]): readonly Problem[] => {
  const { groups: taken, place = placeOf(plan), targets } = claims();
  const other = targets.get(target.name) ?? target.place;
  return [
    ...(place === placeOf(plan)
      ? []
      : [
          {
            code: "PROJECT_DIFFERS",
            path: "project",
            message: `this is ${placeOf(plan)}, and another component of the stack is ${place}`,
            fix: "a stack is one environment of one project: give both components the same, or make a stack of its own",
          },
        ]),
    ...(other === target.place
      ? []
      : [
          {
            code: "TARGET_DIFFERS",
            path: "target",
            // They share servers, which have one place.
            message: `this is for ${target.name} at ${target.place}, and another component of the stack is for ${target.name} at ${other}`,
            fix: "give both components the same target, or make a stack of its own",
          },
        ]),
    ...groups
      .filter(({ name }) => taken.has(name))
      .map(({ name }) => ({
        code: "GROUP_TWICE",
        path: "settings",
        // A group has one container: two components would both write it.
        message: `the group "${name}" is deployed by another component of this stack`,
        fix: "use that component in both places, or give this one a group of its own by settings.extend()",
      })),
  ];
};

/** Keeps other components from deploying the same groups. */
export const claim = (plan: Plan, target: Target, groups: readonly Group[]): void => {
  const { groups: taken, targets } = Object.assign(claims(), { place: placeOf(plan) });
  if (target.place !== undefined) targets.set(target.name, target.place);
  for (const { name } of groups) taken.add(name);
};
