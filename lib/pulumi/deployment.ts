import { getProject, getStack } from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import { unusableValues } from "../app/unusable";
import { environmentOf, type Environment } from "../environment";
import type { Problem } from "../errors";
import { plan, type Plan } from "../plan";
import type { Group } from "../settings";
import { isExisting, type Existing } from "./existing";
import { refusal, refusing } from "./problems";
import { missingProblems, readConfiguration, type Configured } from "./supplied";
import { cellOf, type Target } from "./targets/target";

/** What the components of a project, or of one group by itself, are made from. */
export interface Deployment {
  readonly plan: Plan;
  readonly target: Target;
  readonly configured: Configured;
  /** By the setting's id. */
  readonly existing: Readonly<Record<string, Existing<object>>>;
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
    const target = typeof request.target === "function" ? request.target(environment) : request.target;
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
      ...configured.problems,
      ...missingProblems(planned.missing, groups),
      ...unusableValues(groups, { values: configured.texts, origins: {}, planned: configured.planned }),
      ...Object.entries(existing).flatMap(([id, value]) => existingProblems(id, value, groups, configured)),
      ...(target.check?.(planned) ?? []),
      ...planned.resources
        .filter((resource) => !resource.existing)
        .flatMap((resource) => cellOf(target, resource.kind).check?.(resource, resource.options, planned) ?? []),
    ];
    if (problems.length > 0) throw refusal(heading, distinct(problems), caller);
    return { plan: planned, target, configured, existing: existing as Deployment["existing"] };
  });
};

/** What the plan and `load()` both find is told once. */
const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem])).values(),
];

const existingProblems = (id: string, value: unknown, groups: readonly Group[], { planned }: Configured): readonly Problem[] => {
  const problem = (code: string, message: string, fix: string): Problem => ({ code, path: `resources.${id}`, message, fix });
  const definition = groups.flatMap(({ definitions }) => definitions).find((one) => one.id === id);
  // The plan tells of one that no setting has.
  if (!definition) return [];
  if (!isExisting(value))
    return [problem("EXISTING_INVALID", `"${id}" is given something else than existing({ ... })`, "wrap the fields in existing()")];
  const known = Object.keys(definition.kind.fields ?? {});
  const unknown = Object.keys(value.fields).filter((field) => !known.includes(field));
  const supplied = [definition.variables, ...definition.aliases].flat().find(({ name }) => name in planned);
  return [
    ...unknown.map((field) =>
      problem("EXISTING_FIELD", `existing() of "${id}" has no field "${field}"`, `its fields are ${known.join(", ")}`),
    ),
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

const made = new WeakMap<object, Map<string, unknown>>();

/**
 * Makes a thing that the components of a stack share, once: the server that the settings of two groups live on.
 *
 * @param key what it is, unique in the stack
 */
export const oncePerStack = <T>(key: string, make: () => T): T => {
  const run = getMonitor();
  if (run === undefined) return make();
  const known = made.get(run) ?? new Map<string, unknown>();
  made.set(run, known);
  if (!known.has(key)) known.set(key, make());
  return known.get(key) as T;
};
