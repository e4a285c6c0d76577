import * as pulumi from "@pulumi/pulumi";
import type { Shape } from "../config";
import { cellOf } from "../contract/cell-of";
import type { AnyTarget, Delivery, PlatformOf } from "../contract/target";
import type { Environment, EnvironmentType, ProfileChanges } from "../environment";
import type { Problem } from "../errors";
import { groupBy } from "../internal/group-by";
import { isGroup, type Group } from "../settings";
import { deliver, valuesIn } from "./delivery";
import { prepare, type Deployment } from "./deployment";
import { grantOf } from "./grant";
import { makerFor, type Children } from "./maker";
import { outputsOf, type ExistingResources, type GroupOutputs } from "./outputs";
import { refusalError } from "./problems";
import { resourceElsewhere, resourceOf, type ProvidedResource } from "./resources";
import { guardOf, outputsBehind, type StackFacts } from "./stack-guard";
import { entriesOf } from "./store-entries";

/** The environment of a group, and where it runs. */
export interface EnvironmentArgs<T extends AnyTarget = AnyTarget> {
  /** Where resources run. A function gets the stack's environment, so that only the target in use is constructed. */
  readonly target: T | ((environment: Environment) => T);
  /**
   * Name of the environment, or name and type where the name does not imply the type.
   * @default - the stack's name
   */
  readonly environment?: string | Environment;
  /**
   * Overrides of the environment types' profiles: `{ test: { highlyAvailable: true } }`.
   * @default - no overrides
   */
  readonly environments?: ProfileChanges;
  /**
   * The base stack's export `endow`, for previews, which then use the base stack's servers:
   * `new pulumi.StackReference("shop/test").requireOutput("endow")`
   * @default - a preview gets its own servers
   */
  readonly base?: pulumi.Input<unknown>;
  /**
   * Prefix of all resource names and store entries.
   * @default - the name of the `Project` component; for a standalone group, the name of the Pulumi project
   */
  readonly prefix?: string;
}

/** Options of the resources that components create, such as `ignoreChanges` and `customTimeouts`, which children do not inherit from components. */
export interface MadeOptions<Setting extends string = string> {
  /** Options of a setting's main resource. */
  readonly settings?: { readonly [S in Setting]?: pulumi.CustomResourceOptions };
  /** Options of all servers. */
  readonly servers?: pulumi.CustomResourceOptions;
}

export interface SettingsGroupArgs<S extends Shape = Shape, T extends AnyTarget = AnyTarget> extends EnvironmentArgs<T> {
  readonly group: Group<object, S>;
  /** Existing resources, or existing servers to create them on, by setting. */
  readonly existing?: ExistingResources<S, PlatformOf<T>>;
  readonly options?: MadeOptions<keyof S & string>;
}

/** Arguments that a project passes to each of its groups. */
export interface Within {
  readonly group: Group;
  readonly deployment: Deployment;
  readonly options?: MadeOptions | undefined;
}

/** The stack's export `endow`, without secrets. Previews use it to find the stack's servers, and endow's commands to find its stores. */
export interface StackSummary {
  readonly environment: string;
  readonly type: EnvironmentType;
  readonly target: string;
  readonly store: string;
  /** References to the servers, by name. */
  readonly servers: Readonly<Record<string, object>>;
}

/**
 * The resources of a group's settings, and the store that holds its values. In your own Pulumi program, your resources use its
 * outputs: `group.outputs.databaseUrl.host`, `group.delivery`.
 *
 * @throws InputPropertiesError before anything is registered, listing every problem with its fix
 */
export class SettingsGroup<S extends Shape = Shape, T extends AnyTarget = AnyTarget> extends pulumi.ComponentResource {
  /** How the group's variables reach a process: pass it to the target's functions that build a task definition or a pod. */
  readonly delivery: Delivery<PlatformOf<T>>;
  /** Environment variables for a process: the address from which `load()` reads the values, and values that the store delivers in plaintext. */
  readonly env: pulumi.Output<Record<string, string>>;
  /** Resource outputs, by setting. */
  readonly outputs: GroupOutputs<S>;
  readonly environmentName: string;
  readonly environmentType: EnvironmentType;
  /** Name of the target: `local`. */
  readonly target: string;
  /** Export it as `endow`. */
  readonly endow: StackSummary;
  /** Refuses a stack that leaves production or its target. Resources that the program creates for the group can depend on it. */
  readonly guard: pulumi.Resource;
  readonly #grant: (name: string, consumer: object) => readonly pulumi.Resource[];

  constructor(name: string, args: SettingsGroupArgs<S, T> | Within, opts: pulumi.ComponentResourceOptions = {}) {
    const deployment = "deployment" in args ? args.deployment : prepareGroup(name, args);
    const { plan, target } = deployment;
    const { group } = args;
    super("endow:index:SettingsGroup", name, { group: group.name }, opts);

    this.guard = guardOf({
      name,
      group: group.name,
      facts: factsOf(group, deployment),
      preflight: deployment.preflight({ parent: this }),
      opts: { parent: this },
    });
    const children: Children = {
      parent: this,
      guards: [this.guard],
      transform: target.transform,
      ...(opts.dependsOn !== undefined && { dependsOn: opts.dependsOn }),
    };
    const { delivery, resources } = deployGroup(group, deployment, children, args.options);
    // The delivery always belongs to this target's platform.
    this.delivery = delivery as Delivery<PlatformOf<T>>;
    this.env = valuesIn(delivery);
    this.outputs = outputsOf<S>(group, resources);
    this.environmentName = plan.environment.name;
    this.environmentType = plan.environment.type;
    this.target = target.facts.name;
    this.endow = summaryOf(deployment);
    this.#grant = (consumerName, consumer) => grantOf({ name: consumerName, consumer, reads: [delivery], deployment, children });
    const { environmentName, environmentType } = this;
    this.registerOutputs(outputsBehind([this.guard], { environmentName, environmentType, target: this.target }));
  }

  /**
   * Grants a consumer of your own access to the group's values and to the servers of its settings. The same consumer can be granted several
   * groups: each permission is granted once.
   *
   * @param name of the consumer, unique in the stack
   * @returns all grants of the consumer so far, which it must depend on
   * @throws EndowError `CONSUMER_TWICE` when another consumer has the same name
   */
  grant(name: string, consumer: PlatformOf<T>["Consumer"]): readonly pulumi.Resource[] {
    return this.#grant(name, consumer);
  }
}

export const summaryOf = ({ plan, target, references }: Deployment): StackSummary => ({
  environment: plan.environment.name,
  type: plan.environment.type,
  target: target.facts.name,
  store: target.store.name,
  servers: Object.fromEntries(references),
});

const deployGroup = (group: Group, deployment: Deployment, children: Children, options: MadeOptions = {}) => {
  const { plan, target } = deployment;
  const all = entriesOf(group, deployment);
  const isElsewhere = ({ writer, provider }: (typeof all)[number]) =>
    writer === "broker" && resourceElsewhere(deployment, provider) !== undefined;
  const elsewhere = all.filter(isElsewhere);
  const entries = all.filter((entry) => !isElsewhere(entry));
  const store = target.store.open({
    plan,
    group: group.name,
    entries: entries.map(({ variable, setting, secret, writer }) => ({ variable, setting, secret, writer })),
    make: makerFor(children, { part: "store", name: group.name }),
  });
  const planned = new Map([...plan.resources, ...plan.generated].map((resource) => [resource.id, resource]));
  const own = new Map(Object.entries(options.settings ?? {}));
  const brokered = groupBy(
    entries.filter(({ writer }) => writer === "broker"),
    ({ setting }) => setting,
  );
  const resources = new Map(
    group.definitions.flatMap((definition): (readonly [string, ProvidedResource])[] => {
      const { id } = deployment.owners.get(definition) ?? definition;
      const resource = planned.get(id);
      if (!resource) return [];
      const { name } = definition;
      const ofSetting = { planned: resource, brokered: brokered.get(name) ?? [], own: own.get(name), ofServers: options.servers };
      return [[definition.name, resourceOf({ deployment, definition, children, store, ...ofSetting })]];
    }),
  );
  return { resources, delivery: deliver({ group: group.name, deployment, entries, elsewhere, store, resources }) };
};

/** The stack's facts for this group. */
const factsOf = ({ definitions }: Group, { plan, target, owners }: Deployment): StackFacts => {
  const ids = new Set(definitions.map((definition) => (owners.get(definition) ?? definition).id));
  const servers = plan.servers.filter(({ settings }) => settings.some((id) => ids.has(id)));
  const hosted = new Set(servers.flatMap(({ settings }) => settings));
  const resources = plan.resources.filter(({ id }) => ids.has(id) && hosted.has(id));
  const former = [
    ...resources.map(({ id, formerly }) => [id, formerly] as const),
    ...servers.map(({ name, formerly }) => [name, formerly] as const),
  ];
  return {
    type: plan.environment.type,
    target: target.facts.name,
    servers: Object.fromEntries(
      servers.flatMap((server) => {
        const made = cellOf(target, server.kind)?.madeOf?.(server, plan);
        return made === undefined ? [] : [[server.name, made]];
      }),
    ),
    settings: Object.fromEntries(resources.map(({ id, server }) => [id, server])),
    formerly: Object.fromEntries(former.flatMap(([id, ids]) => (ids.length === 0 ? [] : [[id, [...ids]]]))),
  };
};

const prepareGroup = <S extends Shape, T extends AnyTarget>(name: string, args: SettingsGroupArgs<S, T>): Deployment => {
  const { group, existing = {}, prefix, environment, target, base } = args;
  if (!isGroup(group)) throw refusalError(`${name} cannot be deployed:`, [notAGroup], SettingsGroup);
  const idOf = new Map(group.definitions.map((definition) => [definition.name, definition.id]));
  return prepare(
    name,
    {
      groups: [group],
      prefix,
      environment,
      environments: args.environments,
      target,
      base,
      existing: Object.fromEntries(Object.entries<unknown>(existing).map(([setting, value]) => [idOf.get(setting) ?? setting, value])),
      problems: unknownSettings(group, args.options?.settings),
    },
    SettingsGroup,
  );
};

const notAGroup: Problem = {
  code: "SETTINGS_INVALID",
  path: "group",
  message: "`group` must be a group made by settings()",
  fix: 'pass a group made by settings("name", { ... })',
};

/** Options for settings that the group does not have. */
export const unknownSettings = ({ definitions }: Group, options: object = {}, path = "options.settings"): readonly Problem[] =>
  Object.keys(options)
    .filter((name) => !definitions.some((definition) => definition.name === name))
    .map((name) => ({
      code: "SETTING_UNKNOWN",
      path: `${path}.${name}`,
      message: `"${name}" is not a setting of the group`,
      fix: `use one of ${definitions.map((definition) => definition.name).join(", ")}`,
    }));
