import { Config } from "@pulumi/pulumi";
import { local, SettingsGroup } from "endow/pulumi";
import { Dashboard } from "./dashboard";
import { billing } from "./settings";

const team = new Config().get("team") ?? "payments";

// These three lines add the settings: their servers, their credentials, and the outputs below.
const group = new SettingsGroup("billing", { group: billing, target: () => local() });
const { ledger, queue } = group.outputs;
export const env = group.env;

// The existing part of the program. Its database addresses used to be entered by hand.
const dashboard = new Dashboard("billing", {
  owner: team,
  panels: {
    invoices: { title: "Invoices of today", host: ledger.host, port: ledger.port, database: ledger.database },
    backlog: { title: "Invoices waiting to be sent", host: queue.host, port: queue.port },
  },
});

export const sources = dashboard.sources;
