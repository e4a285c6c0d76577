import * as pulumi from "@pulumi/pulumi";
import type { Shape } from "../config";
import { cellOf } from "../contract/cell-of";
import type { AnyTarget, Delivery, PlatformOf } from "../contract/target";
import type { Environment, EnvironmentType, ProfileChanges } from "../environment";
import type { Problem } from "../errors";
import { isGroup, type Group } from "../settings";
import { deliver, valuesIn } from "./delivery";
import { prepare, type Deployment } from "./deployment";
import { grantOf } from "./grant";
import { makerFor, type Children } from "./maker";
import { outputsOf, type ExistingResources, type GroupOutputs } from "./outputs";
import { refusalError } from "./problems";
import { resourceElsewhere, resourceOf, type ProvidedResource } from "./resources";
import { guardOf, outputsBehind, type StackFacts } from "./stack-guard";
import { entriesOf, type GroupEntry } from "./store-entries";

/** How a group's environment is named and where it runs. */
export interface EnvironmentArgs<T extends AnyTarget = AnyTarget> {
  /** Where resources run. As a function it is asked with the stack's environment, so that one that is not used needs nothing. */
  readonly target: T | ((environment: Environment) => T);
  /**
   * Name of the environment, or name and type where the name does not say the type.
   * @default - the stack's name
   */
  readonly environment?: string | Environment;
  /**
   * What environments have otherwise than the profile of their type: `{ test: { highlyAvailable: true } }`.
   * @default - each has the profile of its type
   */
  readonly environments?: ProfileChanges;
  /**
   * What the base stack has exported as `endow`, for previews: they use its servers instead of their own.
   * `new pulumi.StackReference("shop/test").requireOutput("endow")`
   * @default - a preview has servers of its own
   */
  readonly base?: pulumi.Input<unknown>;
  /**
   * Names everything that is made; the first part of store entries.
   * @default - the name of the project's component; of the Pulumi project for a group by itself
   */
  readonly prefix?: string;
}

/** Options of the resources that components make, such as `ignoreChanges` and `customTimeouts`, which Pulumi does not hand down. */
export interface MadeOptions<Setting extends string = string> {
  /** Of the main resource of a setting. */
  readonly settings?: { readonly [S in Setting]?: pulumi.CustomResourceOptions };
  /** Of all servers. */
  readonly servers?: pulumi.CustomResourceOptions;
}

export interface SettingsGroupArgs<S extends Shape = Shape, T extends AnyTarget = AnyTarget> extends EnvironmentArgs<T> {
  readonly group: Group<object, S>;
  /** Resources that are already there, or the servers that they are to be made on, by setting. */
  readonly existing?: ExistingResources<S, PlatformOf<T>>;
  readonly options?: MadeOptions<keyof S & string>;
}

/** What a project gives to each of its groups. */
export interface Within {
  readonly group: Group;
  readonly deployment: Deployment;
  readonly options?: MadeOptions | undefined;
}

/** What a stack exports as `endow`: nothing secret. Previews find its servers by it, and commands its stores. */
export interface StackSummary {
  readonly environment: string;
  readonly type: EnvironmentType;
  readonly target: string;
  readonly store: string;
  /** How each server is found, by name. */
  readonly servers: Readonly<Record<string, object>>;
}

/**
 * The resources of a group's settings, and the store that holds its values. In a Pulumi program of your own, its outputs feed your
 * resources: `group.outputs.databaseUrl.host`, `group.delivery`.
 *
 * @throws InputPropertiesError before anything is registered, naming everything that cannot work, each with what to do
 */
export class SettingsGroup<S extends Shape = Shape, T extends AnyTarget = AnyTarget> extends pulumi.ComponentResource {
  /** How the group's variables reach a process: what a target's own functions make a task definition or a pod of. */
  readonly delivery: Delivery<PlatformOf<T>>;
  /** What a process needs in its environment where values are handed over in the clear: where `load()` finds them, and those values. */
  readonly env: pulumi.Output<Record<string, string>>;
  /** The resources, by setting. */
  readonly outputs: GroupOutputs<S>;
  readonly environmentName: string;
  readonly environmentType: EnvironmentType;
  /** Name of the target: `local`. */
  readonly target: string;
  /** To be exported as `endow`. */
  readonly endow: StackSummary;
  /** Refuses a stack that leaves production or its target: whatever the program makes for the group may depend on it. */
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
    // Whatever the components hand on is the target's own.
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
   * Lets a consumer of the program's own read the group's values and reach what its settings live on. The same consumer can be granted several
   * groups: each permission is given once.
   *
   * @param name of the consumer, unique in the stack
   * @returns everything that the consumer was granted so far, which it has to wait for
   * @throws EndowError `CONSUMER_TWICE` when another consumer has the name
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
  const isElsewhere = ({ writer, definition }: (typeof all)[number]) =>
    writer === "broker" && resourceElsewhere(deployment, definition) !== undefined;
  const elsewhere = all.filter(isElsewhere);
  const entries = all.filter((entry) => !isElsewhere(entry));
  const store = target.store.open({
    plan,
    group: group.name,
    entries: entries.map(({ variable, setting, secret, writer }) => ({ variable, setting, secret, writer })),
    make: makerFor(children, { part: "store", name: group.name }),
  });
  const planned = new Map(plan.resources.map((resource) => [resource.id, resource]));
  const own = new Map(Object.entries(options.settings ?? {}));
  const brokered = new Map<string, GroupEntry[]>();
  for (const entry of entries.filter(({ writer }) => writer === "broker"))
    brokered.set(entry.setting, [...(brokered.get(entry.setting) ?? []), entry]);
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

/** What the stack is, as far as this group goes. */
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
  fix: 'give what settings("name", { ... }) returns',
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
