import * as pulumi from "@pulumi/pulumi";
import type { Shape } from "../config";
import type { Environment, EnvironmentType } from "../environment";
import type { Problem } from "../errors";
import { screamingSnake } from "../names";
import { isGroup, type Group } from "../settings";
import { prepare, type Deployment } from "./deployment";
import { entriesOf } from "./store-entries";
import { confirmed } from "./stack-guard";
import { outputsOf, type ExistingResources, type GroupOutputs } from "./outputs";
import { refusalError } from "./problems";
import { resourceOf, type ChildOptions, type Resource } from "./resources";
import type { Consumer, Grant, Target } from "./targets/target";

/** How a group's environment is named and where it runs. */
export interface EnvironmentArgs {
  /** Where resources run. As a function it is asked with the stack's environment, so that one that is not used needs nothing. */
  readonly target: Target | ((environment: Environment) => Target);
  /**
   * Name of the environment, or name and type where the name does not say the type.
   * @default - the stack's name
   */
  readonly environment?: string | Environment;
}

/** What the program says of the resources that components make for it. */
export interface ChildArgs<Setting extends string = string> {
  /** Options of a setting's own resource, such as `ignoreChanges` and `customTimeouts`, which components do not hand down. */
  readonly resourceOptions?: { readonly [S in Setting]?: pulumi.CustomResourceOptions };
  /** The same for the servers. */
  readonly serverOptions?: pulumi.CustomResourceOptions;
}

export interface SettingsGroupArgs<S extends Shape = Shape> extends EnvironmentArgs, ChildArgs<keyof S & string> {
  readonly settings: Group<object, S>;
  /**
   * Names everything that is made; the first part of store entries.
   * @default - the name of the Pulumi project
   */
  readonly project?: string;
  /** Resources that are there already, or the servers that they are to be made on, by setting. */
  readonly resources?: ExistingResources<S>;
}

/** What a project gives to each of its groups. */
export interface Within extends ChildArgs {
  readonly settings: Group;
  readonly deployment: Deployment;
}

/**
 * The resources of a group's settings, and the store that holds its values. In a Pulumi program of your own, its outputs feed your
 * resources: `group.outputs.databaseUrl.host`, `group.env`.
 *
 * @throws InputPropertiesError before anything is registered, naming everything that cannot work, each with what to do
 */
export class SettingsGroup<S extends Shape = Shape> extends pulumi.ComponentResource {
  /** What a process needs in its environment to have these settings: where `load()` finds them, and whatever the store delivers by value. */
  readonly env: pulumi.Output<Record<string, string>>;
  /** The resources, by setting. */
  readonly outputs: GroupOutputs<S>;
  /** Known once nothing speaks against deploying the environment. */
  readonly environmentName: pulumi.Output<string>;
  readonly environmentType: pulumi.Output<EnvironmentType>;
  /** Name of the target: `local`. */
  readonly target: pulumi.Output<string>;
  readonly #resources: ReadonlyMap<string, Resource>;

  constructor(name: string, args: SettingsGroupArgs<S> | Within, opts: pulumi.ComponentResourceOptions = {}) {
    const deployment = "deployment" in args ? args.deployment : prepareGroup(name, args);
    const { plan, target } = deployment;
    const { type } = plan.environment;
    super("endow:index:SettingsGroup", name, { group: args.settings.name }, opts);

    const options: ChildOptions = { parent: this, ...(opts.dependsOn !== undefined && { dependsOn: opts.dependsOn }) };
    const environment = confirmed(name, args.settings.name, plan, { parent: this });
    this.#resources = resourcesOf(args, deployment, environment, options);
    const store = target.store.deploy({
      project: plan.project,
      environment,
      group: args.settings.name,
      entries: entriesOf(args.settings, deployment, this.#resources),
      opts: options,
    });
    this.env = pulumi.all([store.address, store.variables]).apply(([address, variables]) => ({
      ...variables,
      [`ENDOW_${screamingSnake(args.settings.name)}`]: address,
      ENDOW_ENVIRONMENT: type,
    }));
    this.outputs = outputsOf<S>(args.settings, this.#resources);
    this.environmentName = environment;
    this.environmentType = environment.apply(() => type);
    this.target = environment.apply(() => target.name);
    this.registerOutputs({
      address: store.address,
      environmentName: this.environmentName,
      environmentType: this.environmentType,
      target: this.target,
    });
  }

  /** What lets a workload reach the group's resources. */
  admit(consumer: Consumer): Grant {
    const grants = [...this.#resources.values()].map(({ admit }) => admit(consumer));
    return { statements: grants.flatMap(({ statements }) => statements), rules: grants.flatMap(({ rules }) => rules) };
  }
}

const prepareGroup = <S extends Shape>(name: string, args: SettingsGroupArgs<S>): Deployment => {
  const { settings, resources = {}, project, environment, target } = args;
  if (!isGroup(settings)) throw refusalError(`${name} cannot be deployed:`, [notAGroup], SettingsGroup);
  const idOf = new Map(settings.definitions.map((definition) => [definition.name, definition.id]));
  const existing = Object.entries(resources).filter(([, value]) => value !== undefined);
  return prepare(
    name,
    {
      groups: [settings],
      project,
      environment,
      target,
      existing: Object.fromEntries(existing.map(([setting, value]) => [idOf.get(setting) ?? setting, value])),
      problems: unknownSettings(settings, args.resourceOptions),
    },
    SettingsGroup,
  );
};

const notAGroup: Problem = {
  code: "SETTINGS_INVALID",
  path: "settings",
  message: "settings is no group",
  fix: 'give what settings("name", { ... }) returns',
};

/** Options for settings that there are none of. */
export const unknownSettings = ({ definitions }: Group, options: object = {}, path = "resourceOptions"): readonly Problem[] =>
  Object.keys(options)
    .filter((name) => !definitions.some((definition) => definition.name === name))
    .map((name) => ({
      code: "SETTING_UNKNOWN",
      path: `${path}.${name}`,
      message: `"${name}" is no setting of the group`,
      fix: `use one of ${definitions.map((definition) => definition.name).join(", ")}`,
    }));

const resourcesOf = (
  { settings, resourceOptions = {}, serverOptions }: Within | Pick<SettingsGroupArgs, "settings" | "resourceOptions" | "serverOptions">,
  deployment: Deployment,
  environment: pulumi.Output<string>,
  options: ChildOptions,
): ReadonlyMap<string, Resource> =>
  new Map(
    settings.definitions.flatMap((definition) => {
      const { id } = deployment.owners.get(definition) ?? definition;
      const planned = deployment.plan.resources.find((resource) => resource.id === id);
      if (!planned) return [];
      const own = resourceOptions[definition.name];
      return [[definition.name, resourceOf({ deployment, environment, definition, planned, options, own, server: serverOptions })]];
    }),
  );
