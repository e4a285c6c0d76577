import * as pulumi from "@pulumi/pulumi";
import type { Shape } from "../config";
import type { AnyTarget, PlatformOf } from "../contract/target";
import type { EnvironmentType } from "../environment";
import { fault, type Problem } from "../errors";
import { ownValue } from "../internal/own-value";
import { isGroup, type Group } from "../settings";
import type { App } from "./app";
import { appProblems } from "./app-problems";
import { prepare, type Deployment } from "./deployment";
import type { Existing } from "./existing";
import { grantOf } from "./grant";
import type { OnServer } from "./on-server";
import { refusalError } from "./problems";
import { SettingsGroup, summaryOf, unknownSettings, type EnvironmentArgs, type MadeOptions, type StackSummary } from "./settings-group";
import { outputsBehind } from "./stack-guard";
import { AppComponent, type AppOutputs } from "./workload";

export interface ProjectArgs<
  Apps extends Readonly<Record<string, App>> = Readonly<Record<string, App>>,
  T extends AnyTarget = AnyTarget,
> extends EnvironmentArgs<T> {
  /** The groups of all apps. */
  readonly groups: readonly Group[];
  /** The workloads, by name. */
  readonly apps?: Apps;
  /**
   * Existing resources, or existing servers to create them on, by setting id:
   * `{ "shared.databaseUrl": existing({ ... }), "billing.ledgerUrl": onServer({ ... }) }`.
   */
  readonly existing?: Readonly<Record<string, Existing<object> | OnServer<PlatformOf<T>["Reference"]> | undefined>>;
  /** Options of the created resources, by group name. */
  readonly options?: Readonly<Record<string, MadeOptions>>;
}

type Outputs<Apps extends Readonly<Record<string, App>>, T extends AnyTarget> = {
  readonly [N in keyof Apps]: AppOutputs<Apps[N], PlatformOf<T>>;
};

/**
 * Everything that an environment of a project needs: a `SettingsGroup` for each group, and its workloads. Adopts a standalone `SettingsGroup`
 * named like its group, with all its resources, if the program created one before.
 *
 * @throws InputPropertiesError before anything is registered, listing every problem with its fix
 */
export class Project<Apps extends Readonly<Record<string, App>> = {}, T extends AnyTarget = AnyTarget> extends pulumi.ComponentResource {
  /** The workloads, by name: `project.apps.web.url`. */
  readonly apps: Outputs<Apps, T>;
  readonly environmentName: string;
  readonly environmentType: EnvironmentType;
  /** Name of the target: `local`. */
  readonly target: string;
  /** Export it as `endow`: previews use it to find the stack's servers, and endow's commands to find its stores. */
  readonly endow: StackSummary;
  readonly #groups: ReadonlyMap<Group, SettingsGroup>;
  readonly #grant: (name: string, consumer: object, groups: readonly Group[]) => readonly pulumi.Resource[];

  constructor(name: string, args: ProjectArgs<Apps, T>, opts: pulumi.ComponentResourceOptions = {}) {
    const deployment = prepareProject(name, args);
    const { plan, target } = deployment;
    super("endow:index:Project", name, {}, opts);

    const dependsOn = opts.dependsOn === undefined ? {} : { dependsOn: opts.dependsOn };
    const options = new Map(Object.entries(args.options ?? {}));
    this.#groups = new Map(
      args.groups.map((group) => {
        const within = { parent: this, aliases: [{ parent: pulumi.rootStackResource }], ...dependsOn };
        return [group, new SettingsGroup(group.name, { group, deployment, options: options.get(group.name) }, within)];
      }),
    );
    const guards = [...this.#groups.values()].map(({ guard }) => guard);
    this.#grant = (consumerName, consumer, groups) =>
      grantOf({
        name: consumerName,
        consumer,
        reads: groups.map((group) => this.group(group).delivery),
        deployment,
        children: { parent: this, guards, transform: target.transform, ...dependsOn },
      });
    const apps = Object.entries<App>(args.apps ?? {}).map(([appName, app]) => {
      const groups = app.reads.map((group) => this.group(group));
      return [appName, new AppComponent(appName, { app, groups, deployment, guards }, { parent: this, ...dependsOn })] as const;
    });
    this.apps = Object.fromEntries(apps) as object as Outputs<Apps, T>;
    this.environmentName = plan.environment.name;
    this.environmentType = plan.environment.type;
    this.target = target.facts.name;
    this.endow = summaryOf(deployment);
    const { environmentName, environmentType } = this;
    const urls = Object.fromEntries(apps.map(([appName, { url }]) => [appName, url]));
    this.registerOutputs(outputsBehind(guards, { environmentName, environmentType, target: this.target, urls }));
  }

  /**
   * The component of a group: `project.group(shared).outputs.databaseUrl.host`.
   *
   * @throws EndowError `GROUP_UNKNOWN`
   */
  group<S extends Shape>(group: Group<object, S>): SettingsGroup<S, T> {
    const made: object | undefined = this.#groups.get(group);
    if (made) return made as SettingsGroup<S, T>;
    throw fault("GROUP_UNKNOWN", `the project has no group "${group.name}"`, "add it to `groups`", "groups");
  }

  /**
   * Grants a consumer of your own read access to groups, with one policy for all of them. See `SettingsGroup.grant`.
   *
   * @throws EndowError `CONSUMER_TWICE`, `GROUP_UNKNOWN`
   */
  grant(name: string, consumer: PlatformOf<T>["Consumer"], groups: readonly Group[]): readonly pulumi.Resource[] {
    return this.#grant(name, consumer, groups);
  }
}

const prepareProject = <Apps extends Readonly<Record<string, App>>, T extends AnyTarget>(
  name: string,
  args: ProjectArgs<Apps, T>,
): Deployment => {
  const { groups, prefix = name, target, environment, base, existing = {}, options = {} } = args;
  const apps: Readonly<Record<string, App>> = args.apps ?? {};
  if (!Array.isArray(groups) || groups.length === 0 || !groups.every(isGroup))
    throw refusalError(`${name} cannot be deployed:`, [noGroups], Project);
  const consumers = Object.fromEntries(
    Object.entries(apps).map(([appName, { reads }]) => [appName, Array.isArray(reads) ? reads.filter(isGroup) : []]),
  );
  return prepare(
    name,
    {
      groups,
      prefix,
      environment,
      environments: args.environments,
      target,
      base,
      existing,
      consumers: Object.keys(apps).length === 0 ? undefined : consumers,
      problems: [
        ...unknownGroups(groups, options),
        ...groups.flatMap((group) => unknownSettings(group, ownValue(options, group.name)?.settings, `options.${group.name}.settings`)),
        ...Object.entries(apps).flatMap(([appName, app]) => appProblems(appName, app, groups)),
      ],
    },
    Project,
  );
};

const noGroups: Problem = {
  code: "SETTINGS_INVALID",
  path: "groups",
  message: "`groups` must be an array of groups",
  fix: 'pass an array of groups made by settings("name", { ... })',
};

const unknownGroups = (groups: readonly Group[], options: object): readonly Problem[] =>
  Object.keys(options)
    .filter((name) => !groups.some((group) => group.name === name))
    .map((name) => ({
      code: "GROUP_UNKNOWN",
      path: `options.${name}`,
      message: `"${name}" is not a group of the project`,
      fix: `use one of ${groups.map((group) => group.name).join(", ")}`,
    }));
