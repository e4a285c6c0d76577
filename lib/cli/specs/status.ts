import { Command } from "commander";
import { allOption, onUse, withCommonOptions, withExamples } from "../options";

export const status = (): Command => {
  const command = new Command("status")
    .summary("what runs, and why something does not")
    .option("--json", "print it as JSON")
    .addOption(allOption("every environment on this machine, also those whose app is gone"));
  withExamples(withCommonOptions(command.description("Shows the servers of an environment, or of all. Starts nothing.")), [
    ["endow status", "servers, ports, uptime"],
    ["endow status --json", "for a program"],
    ["endow status --all", "the servers of every app"],
  ]);
  return command.action(onUse(async () => (await import("../commands/status.js")).status));
};
