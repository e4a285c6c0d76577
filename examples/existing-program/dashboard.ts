import { all, ComponentResource, type ComponentResourceOptions, type Input, interpolate, type Output, Stash } from "@pulumi/pulumi";

export interface PanelArgs {
  readonly title: string;
  readonly host: Input<string>;
  readonly port: Input<number>;
  readonly database?: Input<string>;
}

export interface DashboardArgs {
  readonly owner: string;
  /** By name. */
  readonly panels: Readonly<Record<string, PanelArgs>>;
}

/** A typical hand-written component: one dashboard, with a panel for each data source. */
export class Dashboard extends ComponentResource {
  /** Data source of each panel, by panel name. */
  readonly sources: Output<Record<string, string>>;

  constructor(name: string, { owner, panels }: DashboardArgs, opts?: ComponentResourceOptions) {
    super("acme:index:Dashboard", name, {}, opts);
    const sources = Object.entries(panels).map(([panel, { title, host, port, database }]) => {
      const source = database === undefined ? interpolate`${host}:${port}` : interpolate`${host}:${port}/${database}`;
      new Stash(`${name}-${panel}`, { input: { owner, title, source } }, { parent: this });
      return all([panel, source]);
    });
    this.sources = all(sources).apply((entries) => Object.fromEntries(entries) as Record<string, string>);
    this.registerOutputs({ sources: this.sources });
  }
}
