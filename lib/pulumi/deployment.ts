import { getProject, getStack } from "@pulumi/pulumi";
import { unusableValues } from "../app/unusable";
import { acceptedVariables, type Definition } from "../definition";
import { environmentOf, type Environment } from "../environment";
import { fault, type Problem } from "../errors";
import { plan, type Plan } from "../plan";
import { ownedSettings } from "../plan/context";
import type { Group } from "../settings";
import { isExisting, type Existing } from "./existing";
import { missingFields } from "./fields";
import { refusal, refusing } from "./problems";
import { claim, claimProblems } from "./stack";
import { missingProblems, readConfiguration, type Configured } from "./supplied";
import { cellOf, type Target } from "./targets/target";

/** What the components of a project, or of one group by itself, are made from. */
export interface Deployment {
  readonly plan: Plan;
  readonly target: Target;
  readonly configured: Configured;
  /** By the setting's id. */
  readonly existing: Readonly<Record<string, Existing<object>>>;
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
  /** By the setting's id. */
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
    const { groups, existing, consumers } = request;
    const environment = environmentOf(request.environment ?? getStack());
    const target = targetOf(request.target, environment);
    const configured = readConfiguration(groups);
    const planned = plan({
      project: request.project ?? getProject(),
      groups,
      environment,
      target: target.name,
      existing: Object.keys(existing),
      supplied: configured.planned,
      ...(consumers && { consumers }),
    });
    const problems = [
      ...request.problems,
      ...planned.problems,
      ...claimProblems(planned, groups),
      ...configured.problems,
      ...missingProblems(planned.missing, groups),
      ...unusableValues(groups, configured.texts, environment.type),
      ...Object.entries(existing).flatMap(([id, value]) => existingProblems(id, value, groups, configured)),
      ...(target.check?.(planned) ?? []),
      ...planned.resources
        .filter((resource) => !resource.existing)
        .flatMap((resource) => cellOf(target, resource.kind).check?.(resource, resource.options, planned) ?? []),
    ];
    if (problems.length > 0) throw refusal(heading, distinct(problems), caller);
    claim(planned, groups);
    return { plan: planned, target, configured, existing: existing as Deployment["existing"], owners: ownersOf(groups) };
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

const ownersOf = (groups: readonly Group[]): Deployment["owners"] =>
  new Map(ownedSettings(groups).flatMap(({ definition, everywhere }) => everywhere.map((setting) => [setting, definition])));

/** What the plan and `load()` both find is told once. */
const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem])).values(),
];

const existingProblems = (id: string, value: unknown, groups: readonly Group[], { planned }: Configured): readonly Problem[] => {
  const problem = (code: string, message: string, fix: string): Problem => ({ code, path: `resources.${id}`, message, fix });
  const definition = groups.flatMap(({ definitions }) => definitions).find((one) => one.id === id);
  // The plan tells of one that no setting has.
  if (!definition?.kind.server) return [];
  if (!isExisting(value))
    return [problem("EXISTING_INVALID", `"${id}" is given something else than existing({ ... })`, "wrap the fields in existing()")];
  const known = Object.keys(definition.kind.fields ?? {});
  const unknown = Object.keys(value.fields).filter((field) => !known.includes(field));
  const missing = missingFields(definition.kind, value.fields);
  const supplied = acceptedVariables(definition).find(({ name }) => name in planned);
  return [
    ...unknown.map((field) =>
      problem("EXISTING_FIELD", `existing() of "${id}" has no field "${field}"`, `its fields are ${known.join(", ")}`),
    ),
    ...(missing.length === 0
      ? []
      : [problem("EXISTING_FIELD", `existing() of "${id}" lacks ${missing.join(", ")}`, "give each as a value or as an output")]),
    ...(supplied
      ? [
          problem(
            "EXISTING_SUPPLIED",
            `"${id}" is said to exist, and ${supplied.name} is in the stack's configuration as well`,
            `take one out: pulumi config rm ${supplied.name}`,
          ),
        ]
      : []),
  ];
};
