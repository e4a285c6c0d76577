import type { Resource } from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import type { Platform } from "../contract/platform";
import type { Target } from "../contract/target";
import type { Problem } from "../errors";
import type { Plan } from "../plan";
import type { Group } from "../settings";

type Things = Map<string, unknown>;

/** Under a global symbol: each entry of the package is bundled by itself, and two copies of a module would share nothing. */
const STACKS = Symbol.for("endow.stacks");

const stacks = (): WeakMap<object, Things> => {
  const holder = globalThis as { [STACKS]?: WeakMap<object, Things> };
  return (holder[STACKS] ??= new WeakMap());
};

/**
 * Makes a thing that the components of a stack share, once: the server that the settings of two groups live on.
 *
 * @param key what it is, unique in the stack
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
  /** Where its targets are, by their names. */
  readonly targets: Map<string, string>;
}

const claims = (): Claims => oncePerStack("claims", () => ({ groups: new Set(), targets: new Map() }));

const placeOf = ({ project, environment }: Plan): string => `project "${project}", environment "${environment.name}"`;

/** Why the groups cannot be deployed beside what the stack has already. */
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
            message: `this is for ${name} at ${target.place}, and another component of the stack is for ${name} at ${other}`,
            fix: "give both components the same target, or make a stack of its own",
          },
        ]),
    ...groups
      .filter((group) => taken.has(group.name))
      .map((group) => ({
        code: "GROUP_TWICE",
        path: "group",
        // A group has one container: two components would both write it.
        message: `the group "${group.name}" is deployed by another component of this stack`,
        fix: "use that component in both places, or give this one a group of its own by settings.extend()",
      })),
  ];
};

/** Keeps other components from deploying the same groups. */
export const claim = (plan: Plan, target: Target<Platform>, groups: readonly Group[]): void => {
  const { groups: taken, targets } = Object.assign(claims(), { place: placeOf(plan) });
  if (target.place !== undefined) targets.set(target.facts.name, target.place);
  for (const { name } of groups) taken.add(name);
};

/** What a consumer of the stack was granted so far. */
export interface Grants {
  readonly consumer: object;
  /** `run postgres` */
  readonly permissions: Set<string>;
  readonly resources: Resource[];
}

/** Those of the consumer of this name; `undefined` where another consumer has the name. */
export const grantsTo = (name: string, consumer: object): Grants | undefined => {
  const grants = oncePerStack(`consumer ${name}`, (): Grants => ({ consumer, permissions: new Set(), resources: [] }));
  return grants.consumer === consumer ? grants : undefined;
};
