import { Command } from "commander";
import { count, onUse, withCommonOptions, withExamples } from "../options";

export const logs = (): Command => {
  const command = new Command("logs")
    .summary("what the servers have written")
    .description("Shows the logs of the servers; of all of them, each line with its server's name, when none is named.")
    .argument("[server]", "a server, as `endow status` calls it")
    .option("--lines <number>", "how many lines of each", count, 50)
    .option("--follow", "go on with what is written from now on");
  withExamples(withCommonOptions(command), [
    ["endow logs postgres", "one server"],
    ["endow logs --follow", "all, as it happens"],
  ]);
  return command.action(onUse(async () => (await import("../commands/logs.js")).logs));
};
