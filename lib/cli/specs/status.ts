import { Command } from "commander";
import { onUse, withCommonOptions, withExamples } from "../options";

export const status = (): Command => {
  const command = new Command("status").summary("what runs, and why something does not").option("--json", "print it as JSON");
  withExamples(withCommonOptions(command.description("Shows the servers of an environment. Starts nothing.")), [
    ["endow status", "servers, ports, uptime"],
    ["endow status --json", "for a program"],
  ]);
  return command.action(onUse(async () => (await import("../commands/status.js")).status));
};
