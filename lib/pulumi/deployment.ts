import { getProject, getStack, type Output } from "@pulumi/pulumi";
import { cellOf } from "../contract/cell-of";
import type { Platform } from "../contract/platform";
import type { AnyTarget, PreflightOptions, Target } from "../contract/target";
import type { Definition } from "../definition";
import { environmentOf, type Environment, type ProfileChanges } from "../environment";
import { distinct, fault, type Problem } from "../errors";
import { ownValue } from "../own-value";
import { plan, type Plan, type PlannedResource } from "../plan";
import { ownedSettings } from "../plan/context";
import type { Group } from "../settings";
import { unusableValues } from "../workspace/unusable";
import { isExisting, type Existing } from "./existing";
import { existingProblems } from "./existing-problems";
import { isOnServer, type OnServer } from "./on-server";
import { refusalError, refusing, type Caller } from "./problems";
import { claim, claimProblems, oncePerStack } from "./stack-registry";
import { missingConfiguration, readConfiguration, type Configured } from "./supplied";

/** What the components of a project, or of one group by itself, are made from. */
export interface Deployment {
  readonly plan: Plan;
  readonly target: Target<Platform>;
  readonly configured: Configured;
  /** By the setting's id. */
  readonly existing: ReadonlyMap<string, Existing<object>>;
  /** By the id of the setting that lives there. */
  readonly onServer: ReadonlyMap<string, OnServer>;
  /** What the base stack has exported as `endow`. */
  readonly base: unknown;
  /** A setting as the first group that holds it has it, which owns its resources. */
  readonly owners: ReadonlyMap<Definition, Definition>;
  /** How each server that was made is found by previews of this stack, by its name. */
  readonly references: Map<string, object>;
  /** What only the account knows; asked once. */
  readonly preflight: (options: PreflightOptions) => Output<readonly Problem[]> | undefined;
}

export interface DeploymentRequest {
  readonly groups: readonly Group[];
  /** @default - the name of the Pulumi project */
  readonly prefix?: string | undefined;
  /** @default - the stack's name */
  readonly environment?: string | Environment | undefined;
  readonly environments?: ProfileChanges | undefined;
  readonly target: AnyTarget | ((environment: Environment) => AnyTarget);
  /** What is already there, by the setting's id: the resource, or the server that it is to be made on. */
  readonly existing: Readonly<Record<string, unknown>>;
  readonly base?: unknown;
  readonly consumers?: Readonly<Record<string, readonly Group[]>> | undefined;
  /** Found by the component itself. */
  readonly problems: readonly Problem[];
}

/**
 * Everything that can be found out before a resource is registered.
 *
 * @param caller the component's constructor, for the error's stack
 * @throws InputPropertiesError naming everything that is wrong
 */
export const prepare = (name: string, request: DeploymentRequest, caller: Caller): Deployment => {
  const heading = `${name} cannot be deployed:`;
  return refusing(heading, caller, () => {
    const { groups, consumers, base, environments } = request;
    const given = Object.entries(request.existing);
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
      ...baseProblems(base, environment),
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
      owners: ownersOf(groups),
      references: oncePerStack("references", () => new Map<string, object>()),
      preflight: memo((options) => target.preflight?.(planned, options)),
    };
  });
};

const memo = <A, T>(ask: (argument: A) => T): ((argument: A) => T) => {
  let known: { readonly answer: T } | undefined;
  return (argument) => (known ??= { answer: ask(argument) }).answer;
};

/** A program in JavaScript, or a function that forgets a case, may give something else. */
const targetOf = (given: DeploymentRequest["target"], environment: Environment): Target<Platform> => {
  const target: AnyTarget | undefined = typeof given === "function" ? given(environment) : given;
  if (isTarget(target)) return target;
  throw fault(
    "TARGET_INVALID",
    `there is no target for ${JSON.stringify(environment.name)}, a ${environment.type} environment`,
    "give local(), or a function that gives a target for every environment that is deployed",
    "target",
  );
};

const isTarget = (value: AnyTarget | undefined): value is Target<Platform> =>
  typeof value === "object" && value !== null && "facts" in value && "cells" in value && "store" in value;

const baseProblems = (base: unknown, { name, type }: Environment): readonly Problem[] =>
  base === undefined || type === "preview"
    ? []
    : [
        {
          code: "BASE_UNUSED",
          path: "base",
          message: `${JSON.stringify(name)} is a ${type} environment, and only previews use the servers of a base stack`,
          fix: "leave `base` out of such stacks",
        },
      ];

const cellProblems = (target: Target<Platform>, resource: PlannedResource, planned: Plan): readonly Problem[] => {
  const { id, kind, hosting } = resource;
  const { facts } = target;
  const cell = cellOf(target, kind);
  const found = cell?.check?.(resource, resource.options, planned) ?? [];
  const known = ownValue(facts.kinds, kind);
  if (found.length > 0 || (cell && known && (hosting !== "own" || !known.server || cell.server) && (hosting === "own" || cell.find)))
    return found;
  return [
    {
      code: "UNSUPPORTED_ON_TARGET",
      path: id,
      message: `the target ${facts.name} does not offer ${kind}, which "${id}" needs; it offers ${Object.keys(facts.kinds).join(", ") || "nothing"}`,
      fix: "give the resource by existing({ ... }), supply its value, or choose another target",
    },
  ];
};

const ownersOf = (groups: readonly Group[]): Deployment["owners"] =>
  new Map(ownedSettings(groups).flatMap(({ definition, everywhere }) => everywhere.map((setting) => [setting, definition])));
