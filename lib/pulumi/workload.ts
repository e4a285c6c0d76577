import * as pulumi from "@pulumi/pulumi";
import type { App } from "./app";
import type { Deployment } from "./deployment";
import type { SettingsGroup } from "./settings-group";

/** What is known of a workload that runs. */
export interface AppOutputs<A extends App = App> {
  /** Where it is reached: `http://127.0.0.1:8000`. */
  readonly url: pulumi.Output<UrlOf<A["port"]>>;
}

type UrlOf<Port> = Port extends number ? string : undefined;

interface AppComponentArgs {
  readonly app: App;
  /** Those that it reads. */
  readonly groups: readonly SettingsGroup[];
  readonly deployment: Deployment;
  readonly environment: pulumi.Output<string>;
}

/** A workload of a project, as the environment's target runs it. */
export class AppComponent extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string | undefined>;

  constructor(name: string, { app, groups, deployment, environment }: AppComponentArgs, opts: pulumi.ComponentResourceOptions) {
    super("endow:index:App", name, {}, opts);
    const { command, image, port, health, cwd, env = {} } = app;
    const variables = pulumi
      .all([pulumi.all(groups.map((group) => group.env)), pulumi.all(env)])
      .apply(
        ([values, own]) => Object.assign({}, ...values, port === undefined ? {} : { PORT: String(port) }, own) as Record<string, string>,
      );
    const { plan, target } = deployment;
    const { url } = target.workload({
      plan,
      environment,
      consumer: { name },
      command,
      variables,
      ...(image && { image }),
      ...(port !== undefined && { port }),
      ...(health !== undefined && { health }),
      ...(cwd !== undefined && { cwd }),
      opts: { parent: this, ...(opts.dependsOn !== undefined && { dependsOn: opts.dependsOn }) },
    });
    this.url = url;
    this.registerOutputs({ url });
  }
}
