import { Command } from "commander";
import { allOption, onUse, withCommonOptions, withExamples } from "../options";

export const status = (): Command => {
  const command = new Command("status")
    .summary("show which servers are running, and why the others are not")
    .option("--json", "print it as JSON")
    .addOption(allOption("every environment on this machine, including those whose app is gone"));
  withExamples(withCommonOptions(command.description("Shows the servers of an environment, or of all. Starts nothing.")), [
    ["endow status", "servers, ports, uptime"],
    ["endow status --json", "as JSON, for a program"],
    ["endow status --all", "the servers of every app"],
  ]);
  return command.action(onUse(async () => (await import("../commands/status.js")).status));
};
