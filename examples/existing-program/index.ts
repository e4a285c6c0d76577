import { ComponentResource, type ComponentResourceOptions, type Input, Stash } from "@pulumi/pulumi";
import { local, SettingsGroup } from "endow/pulumi";
import { billing } from "./settings";

/** What was here before: a component that the team has written, and that wants to know where the ledger is. */
class Dashboard extends ComponentResource {
  constructor(name: string, args: { host: Input<string>; port: Input<number>; database: Input<string> }, opts?: ComponentResourceOptions) {
    super("acme:index:Dashboard", name, {}, opts);
    const { host, port, database } = args;
    new Stash(name, { input: { title: "Ledger", source: { host, port, database } } }, { parent: this });
    this.registerOutputs({});
  }
}

// The three lines that bring the settings in.
const group = new SettingsGroup("billing", { settings: billing, target: () => local() });
const { host, port, database } = group.outputs.ledger;
export const env = group.env;

new Dashboard("dashboard", { host, port, database });
