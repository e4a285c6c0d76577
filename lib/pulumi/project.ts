import * as pulumi from "@pulumi/pulumi";
import type { Shape } from "../config";
import type { EnvironmentType } from "../environment";
import { fault } from "../errors";
import { isGroup, type Group } from "../settings";
import type { App } from "./app";
import { appProblems } from "./app-problems";
import { prepare, type Deployment } from "./deployment";
import type { Existing } from "./existing";
import type { ExistingServer } from "./on-server";
import { refusalError } from "./problems";
import { SettingsGroup, unknownSettings, type ChildArgs, type EnvironmentArgs } from "./settings-group";
import { AppComponent, type AppOutputs } from "./workload";

export interface ProjectArgs<Apps extends Readonly<Record<string, App>> = Readonly<Record<string, App>>> extends EnvironmentArgs {
  /** The groups of all apps. */
  readonly settings: readonly Group[];
  /** The workloads, by name. */
  readonly apps?: Apps;
  /**
   * Names everything that is made; the first part of store entries. A group that a program has made by itself is taken over with the name
   * that it has, which is the Pulumi project's where nothing else was said.
   * @default - the component's name
   */
  readonly project?: string;
  /**
   * Resources that are there already, or the servers that they are to be made on, by the setting's id:
   * `{ "shared.databaseUrl": existing({ ... }), "billing.ledgerUrl": existingServer({ ... }) }`.
   */
  readonly resources?: Readonly<Record<string, Existing<object> | ExistingServer>>;
  /** Options of the resources that are made, by the group's name. */
  readonly children?: Readonly<Record<string, ChildArgs>>;
}

/**
 * Everything that an environment of a project needs: a `SettingsGroup` for each group, and its workloads. A group that a program has made by
 * itself before, as a component called like the group, is taken over with its resources.
 *
 * @throws InputPropertiesError before anything is registered, naming everything that cannot work, each with what to do
 */
export class Project<Apps extends Readonly<Record<string, App>> = {}> extends pulumi.ComponentResource {
  /** The workloads, by name: `project.apps.web.url`. */
  readonly apps: { readonly [N in keyof Apps]: AppOutputs<Apps[N]> };
  readonly environmentName: pulumi.Output<string>;
  readonly environmentType: pulumi.Output<EnvironmentType>;
  /** Name of the target: `local`. */
  readonly target: pulumi.Output<string>;
  readonly #groups: ReadonlyMap<Group, SettingsGroup>;

  constructor(name: string, args: ProjectArgs<Apps>, opts: pulumi.ComponentResourceOptions = {}) {
    const deployment = prepareProject(name, args);
    const { plan, target } = deployment;
    super("endow:index:Project", name, {}, opts);

    const dependsOn = opts.dependsOn === undefined ? {} : { dependsOn: opts.dependsOn };
    this.#groups = new Map(
      args.settings.map((settings) => {
        const own = args.children?.[settings.name];
        const options = { parent: this, aliases: [{ parent: pulumi.rootStackResource }], ...dependsOn };
        return [settings, new SettingsGroup(settings.name, { settings, deployment, ...own }, options)];
      }),
    );
    this.environmentName = pulumi.all([...this.#groups.values()].map((group) => group.environmentName)).apply(() => plan.environment.name);
    const apps = Object.entries<App>(args.apps ?? {}).map(([appName, app]) => {
      const groups = app.reads.map((group) => this.group(group));
      return [
        appName,
        new AppComponent(appName, { app, groups, deployment, environment: this.environmentName }, { parent: this, ...dependsOn }),
      ] as const;
    });
    this.apps = Object.fromEntries(apps) as unknown as { readonly [N in keyof Apps]: AppOutputs<Apps[N]> };
    this.environmentType = this.environmentName.apply(() => plan.environment.type);
    this.target = this.environmentName.apply(() => target.name);
    this.registerOutputs({
      environmentName: this.environmentName,
      environmentType: this.environmentType,
      target: this.target,
      urls: Object.fromEntries(apps.map(([appName, { url }]) => [appName, url])),
    });
  }

  /**
   * What was made for a group: `project.group(shared).outputs.databaseUrl.host`.
   *
   * @throws EndowError `GROUP_UNKNOWN`
   */
  group<S extends Shape>(group: Group<object, S>): SettingsGroup<S> {
    const made = this.#groups.get(group);
    if (made) return made as unknown as SettingsGroup<S>;
    throw fault("GROUP_UNKNOWN", `the project has no group "${group.name}"`, "add it to `settings`", "settings");
  }
}

const prepareProject = (
  name: string,
  { settings, project = name, target, environment, apps = {}, resources = {}, children = {} }: ProjectArgs,
): Deployment => {
  if (!Array.isArray(settings) || settings.length === 0 || !settings.every(isGroup))
    throw refusalError(`${name} cannot be deployed:`, [noGroups], Project);
  const consumers = Object.fromEntries(
    Object.entries(apps).map(([appName, { reads }]) => [appName, Array.isArray(reads) ? reads.filter(isGroup) : []]),
  );
  return prepare(
    name,
    {
      groups: settings,
      project,
      environment,
      target,
      existing: resources,
      consumers: Object.keys(apps).length === 0 ? undefined : consumers,
      problems: [
        ...unknownGroups(settings, children),
        ...settings.flatMap((group) =>
          unknownSettings(group, children[group.name]?.resourceOptions, `children.${group.name}.resourceOptions`),
        ),
        ...Object.entries(apps).flatMap(([appName, app]) => appProblems(appName, app, settings)),
      ],
    },
    Project,
  );
};

const noGroups = {
  code: "SETTINGS_INVALID",
  path: "settings",
  message: "settings has to hold groups, and nothing else",
  fix: 'give what settings("name", { ... }) returns, in an array',
};

const unknownGroups = (settings: readonly Group[], children: object) =>
  Object.keys(children)
    .filter((name) => !settings.some((group) => group.name === name))
    .map((name) => ({
      code: "GROUP_UNKNOWN",
      path: `children.${name}`,
      message: `"${name}" is no group of the project`,
      fix: `use one of ${settings.map((group) => group.name).join(", ")}`,
    }));
