import { getProject, getStack, type Resource } from "@pulumi/pulumi";
import { cellOf } from "../contract/cell-of";
import type { Platform } from "../contract/platform";
import type { AnyTarget, PreflightOptions, Target } from "../contract/target";
import type { Definition } from "../definition";
import { environmentOf, type Environment, type ProfileChanges } from "../environment";
import { distinct, fault, type Problem } from "../errors";
import { once } from "../internal/once";
import { ownValue } from "../internal/own-value";
import { plan, type Plan, type PlannedResource } from "../plan";
import { ownedSettings, ownersOf } from "../plan/context";
import type { Hosting } from "../plan/resources";
import type { Group } from "../settings";
import { unusableValues } from "../workspace/unusable";
import { baseProblems, baseServerProblems } from "./base";
import { isExisting, type Existing } from "./existing";
import { existingProblems } from "./existing-problems";
import { isOnServer, type OnServer } from "./on-server";
import { generateProblems } from "./generated";
import { answered } from "./preflight";
import { refusalError, refusing, type Caller } from "./problems";
import { claim, claimProblems, oncePerStack } from "./stack-registry";
import { missingConfiguration, readConfiguration, type Configured } from "./supplied";

/** Everything that the components of a project, or of a standalone group, are built from. */
export interface Deployment {
  readonly plan: Plan;
  readonly target: Target<Platform>;
  readonly configured: Configured;
  /** By setting id. */
  readonly existing: ReadonlyMap<string, Existing<object>>;
  /** By the id of the setting hosted there. */
  readonly onServer: ReadonlyMap<string, OnServer>;
  /** The base stack's export `endow`. */
  readonly base: unknown;
  /** Maps a setting to its definition in the first group that contains it, which owns its resources. */
  readonly owners: ReadonlyMap<Definition, Definition>;
  /** References to the provisioned servers, by name, for previews based on this stack. */
  readonly references: Map<string, object>;
  /** Runs the target's account checks once for all groups; every group's guard waits for the result. */
  readonly preflight: (options: PreflightOptions) => Promise<Resource[]> | undefined;
}

export interface DeploymentRequest {
  readonly groups: readonly Group[];
  /** @default - the name of the Pulumi project */
  readonly prefix?: string | undefined;
  /** @default - the stack's name */
  readonly environment?: string | Environment | undefined;
  readonly environments?: ProfileChanges | undefined;
  readonly target: AnyTarget | ((environment: Environment) => AnyTarget);
  /** Existing resources, or existing servers to create them on, by setting id. */
  readonly existing: Readonly<Record<string, unknown>>;
  readonly base?: unknown;
  readonly consumers?: Readonly<Record<string, readonly Group[]>> | undefined;
  /** Problems found by the component itself. */
  readonly problems: readonly Problem[];
}

/**
 * Checks everything that can be checked before a resource is registered.
 *
 * @param caller the component's constructor, for the error's stack
 * @throws InputPropertiesError listing every problem
 */
export const prepare = (name: string, request: DeploymentRequest, caller: Caller): Deployment => {
  const heading = `${name} cannot be deployed:`;
  return refusing(heading, caller, () => {
    const { groups, consumers, base, environments } = request;
    const given = Object.entries(request.existing).filter(([, value]) => value !== undefined);
    const environment = environmentOf(request.environment ?? getStack());
    const target = targetOf(request.target, environment);
    const unfit = target.refuses?.(environment);
    if (unfit) throw refusalError(heading, [unfit], caller);
    const configured = readConfiguration(groups);
    const planned = plan({
      project: request.prefix ?? getProject(),
      groups,
      environment,
      target: target.facts,
      hosting: Object.fromEntries(given.map(([id, value]) => [id, isOnServer(value) ? "given" : "none"])),
      base: base !== undefined,
      supplied: configured.planned,
      configured: Object.keys(configured.planned),
      ...(consumers && { consumers }),
      ...(environments && { environments }),
    });
    const problems = [
      ...request.problems,
      ...planned.problems,
      ...claimProblems(planned, target, groups),
      ...configured.problems,
      ...missingConfiguration(planned.missing, groups),
      ...unusableValues(groups, configured.texts, environment.type),
      ...given.flatMap(([id, value]) => existingProblems(id, value, groups, configured, target)),
      ...baseProblems(base, planned),
      ...generateProblems(target, planned),
      ...(target.check?.(planned) ?? []),
      ...(target.store.check?.(planned) ?? []),
      ...planned.resources.filter(({ hosting }) => hosting !== "none").flatMap((resource) => cellProblems(target, resource, planned)),
    ];
    if (problems.length > 0) throw refusalError(heading, distinct(problems), caller);
    claim(planned, target, groups);
    return {
      plan: planned,
      target,
      configured,
      existing: new Map(given.flatMap(([id, value]) => (isExisting(value) ? [[id, value] as const] : []))),
      onServer: new Map(given.flatMap(([id, value]) => (isOnServer(value) ? [[id, value] as const] : []))),
      base,
      owners: ownersOf(ownedSettings(groups)),
      references: oncePerStack("references", () => new Map<string, object>()),
      preflight: once((options: PreflightOptions) => {
        const asked = [target.preflight?.(planned, options), baseServerProblems(base, planned)].filter((one) => one !== undefined);
        return asked.length === 0 ? undefined : answered(asked, options.parent);
      }),
    };
  });
};

/** Checked at run time: a JavaScript program, or a function that misses a case, may return something else. */
const targetOf = (given: DeploymentRequest["target"], environment: Environment): Target<Platform> => {
  const target: AnyTarget | undefined = typeof given === "function" ? given(environment) : given;
  if (isTarget(target)) return target;
  throw fault(
    "TARGET_INVALID",
    `there is no target for ${JSON.stringify(environment.name)}, a ${environment.type} environment`,
    "pass local(), or a function that returns a target for every environment that you deploy",
    "target",
  );
};

const isTarget = (value: AnyTarget | undefined): value is Target<Platform> =>
  typeof value === "object" && value !== null && "facts" in value && "cells" in value && "store" in value;

const cellProblems = (target: Target<Platform>, resource: PlannedResource, planned: Plan): readonly Problem[] => {
  const { id, kind, hosting } = resource;
  const { name, kinds } = target.facts;
  const found = cellOf(target, kind)?.check?.(resource, resource.options, planned) ?? [];
  if (found.length > 0 || isOffered(target, kind, hosting)) return found;
  const offered = Object.keys(kinds).filter((one) => isOffered(target, one, "own"));
  return [
    {
      code: "UNSUPPORTED_ON_TARGET",
      path: id,
      message: `the target ${name} does not support ${kind}, which "${id}" needs; it supports ${offered.join(", ") || "nothing"}`,
      fix: "pass the resource with existing({ ... }), supply its value, or choose another target",
    },
  ];
};

/** Checks both facts and cells: a custom target may have fewer cells than facts. */
const isOffered = (target: Target<Platform>, kind: string, hosting: Hosting): boolean => {
  const facts = ownValue(target.facts.kinds, kind);
  const cell = cellOf(target, kind);
  // Reported by `existingProblems`.
  if (hosting === "given" && facts?.findsServer !== true) return true;
  if (facts === undefined || cell === undefined) return false;
  return hosting === "own" ? !facts.server || cell.server !== undefined : cell.find !== undefined;
};
