import { getProject, getStack } from "@pulumi/pulumi";
import { unusableValues } from "../workspace/unusable";
import type { Definition } from "../definition";
import { environmentOf, type Environment } from "../environment";
import { distinct, fault, type Problem } from "../errors";
import { plan, type Plan, type PlannedResource } from "../plan";
import { ownedSettings } from "../plan/context";
import type { Group } from "../settings";
import type { Existing } from "./existing";
import { existingProblems } from "./existing-problems";
import { isExistingServer, type ExistingServer } from "./on-server";
import { refusalError, refusing } from "./problems";
import { claim, claimProblems } from "./stack-registry";
import { missingConfiguration, readConfiguration, type Configured } from "./supplied";
import { cellOf, type Target } from "./targets/target";

/** What the components of a project, or of one group by itself, are made from. */
export interface Deployment {
  readonly plan: Plan;
  readonly target: Target;
  readonly configured: Configured;
  /** By the setting's id. */
  readonly existing: Readonly<Record<string, Existing<object>>>;
  /** By the id of the setting that lives there. */
  readonly existingServers: Readonly<Record<string, ExistingServer>>;
  /** A setting as the first group that holds it has it, which owns its resources. */
  readonly owners: ReadonlyMap<Definition, Definition>;
}

export interface DeploymentRequest {
  readonly groups: readonly Group[];
  /** @default - the name of the Pulumi project */
  readonly project?: string | undefined;
  /** @default - the stack's name */
  readonly environment?: string | Environment | undefined;
  readonly target: Target | ((environment: Environment) => Target);
  /** What is there already, by the setting's id: the resource, or the server that it is to be made on. */
  readonly existing: Readonly<Record<string, unknown>>;
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
export const prepare = (name: string, request: DeploymentRequest, caller: object): Deployment => {
  const heading = `${name} cannot be deployed:`;
  return refusing(heading, caller, () => {
    const { groups, consumers } = request;
    const given = Object.entries(request.existing);
    const servers = given.filter(([, value]) => isExistingServer(value));
    const resources = given.filter(([, value]) => !isExistingServer(value));
    const environment = environmentOf(request.environment ?? getStack());
    const target = targetOf(request.target, environment);
    const unfit = target.refuses?.(environment);
    if (unfit) throw refusalError(heading, [unfit], caller);
    const configured = readConfiguration(groups);
    const planned = plan({
      project: request.project ?? getProject(),
      groups,
      environment,
      target: target.name,
      existing: resources.map(([id]) => id),
      existingServers: servers.map(([id]) => id),
      supplied: configured.planned,
      ...(consumers && { consumers }),
    });
    const problems = [
      ...request.problems,
      ...planned.problems,
      ...claimProblems(planned, target, groups),
      ...configured.problems,
      ...missingConfiguration(planned.missing, groups),
      ...unusableValues(groups, configured.texts, environment.type),
      ...given.flatMap(([id, value]) => existingProblems(id, value, groups, configured)),
      ...(target.check?.(planned) ?? []),
      ...planned.resources.filter((resource) => !resource.existing).flatMap((resource) => cellProblems(target, resource, planned)),
    ];
    if (problems.length > 0) throw refusalError(heading, distinct(problems), caller);
    claim(planned, target, groups);
    return {
      plan: planned,
      target,
      configured,
      existing: Object.fromEntries(resources) as Deployment["existing"],
      existingServers: Object.fromEntries(servers) as Deployment["existingServers"],
      owners: ownersOf(groups),
    };
  });
};

/** A program in JavaScript, or a function that forgets a case, may give something else. */
const targetOf = (given: DeploymentRequest["target"], environment: Environment): Target => {
  const target: Partial<Target> | undefined = typeof given === "function" ? given(environment) : given;
  if (target?.cells) return target as Target;
  throw fault(
    "TARGET_INVALID",
    `there is no target for ${JSON.stringify(environment.name)}, a ${environment.type} environment`,
    "give local(), or a function that gives a target for every environment that is deployed",
    "target",
  );
};

const cellProblems = (target: Target, resource: PlannedResource, planned: Plan): readonly Problem[] => {
  const { check, leaseOn } = cellOf(target, resource.kind);
  return [
    ...(check?.(resource, resource.options, planned) ?? []),
    ...(resource.onExistingServer && !leaseOn ? [serverUnsupported(target, resource)] : []),
  ];
};

const serverUnsupported = (target: Target, { id, kind }: PlannedResource): Problem => {
  const able = Object.keys(target.cells).filter((each) => cellOf(target, each).leaseOn);
  return {
    code: "EXISTING_SERVER_UNSUPPORTED",
    path: `resources.${id}`,
    message: `"${id}" cannot be made on a server that exists: the target ${target.name} does that for ${able.join(", ") || "no kind"}, and not for ${kind}`,
    fix: "give the resource itself by existing({ ... }), or leave it out to have a server for it",
  };
};

const ownersOf = (groups: readonly Group[]): Deployment["owners"] =>
  new Map(ownedSettings(groups).flatMap(({ definition, everywhere }) => everywhere.map((setting) => [setting, definition])));
