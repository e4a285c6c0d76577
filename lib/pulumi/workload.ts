import * as pulumi from "@pulumi/pulumi";
import type { Platform } from "../contract/platform";
import type { App } from "./app";
import type { Deployment } from "./deployment";
import { grantOf } from "./grant";
import { makerFor, type Children } from "./maker";
import type { SettingsGroup } from "./settings-group";

/** Outputs of a workload. */
export interface AppOutputs<A extends App = App, P extends Platform = Platform> {
  /** URL of the workload: `http://127.0.0.1:8000`. */
  readonly url: pulumi.Output<UrlOf<A["port"]>>;
  /** Identity of the workload, for `grant()` of a group outside the project. */
  readonly consumer: P["Consumer"];
}

type UrlOf<Port> = Port extends number ? string : undefined;

interface AppComponentArgs {
  readonly app: App;
  /** Groups that it reads. */
  readonly groups: readonly SettingsGroup[];
  readonly deployment: Deployment;
  /** Guards of all groups of the project. */
  readonly guards: readonly pulumi.Resource[];
}

/** A workload of a project, run by the environment's target. */
export class AppComponent extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string | undefined>;
  readonly consumer: object;

  constructor(name: string, { app, groups, deployment, guards }: AppComponentArgs, opts: pulumi.ComponentResourceOptions) {
    super("endow:index:App", name, {}, opts);
    const { command, image, port, health, cwd, env = {} } = app;
    const { plan, target } = deployment;
    const children: Children = {
      parent: this,
      guards,
      transform: target.transform,
      ...(opts.dependsOn !== undefined && { dependsOn: opts.dependsOn }),
    };
    const reads = groups.map(({ delivery }) => delivery);
    const { url, consumer } = target.workload({
      plan,
      name,
      command,
      ...(image && { image }),
      ...(port !== undefined && { port }),
      ...(health !== undefined && { health }),
      ...(cwd !== undefined && { cwd }),
      env: { ...(port === undefined ? {} : { PORT: String(port) }), ...env },
      reads,
      grant: (made) => grantOf({ name, consumer: made, reads, deployment, children }),
      make: makerFor(children, { part: "app", name }),
    });
    this.url = url;
    this.consumer = consumer;
    this.registerOutputs({ url });
  }
}
