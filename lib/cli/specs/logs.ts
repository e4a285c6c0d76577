import { Command } from "commander";
import { count, onUse, withCommonOptions, withExamples } from "../options";

export const logs = (): Command => {
  const command = new Command("logs")
    .summary("show the servers' logs")
    .description("Shows the logs of one server, or of all servers with each line prefixed by its server's name.")
    .argument("[server]", "a server's name, as shown by `endow status`")
    .option("--lines <number>", "the number of lines per server", count, 50)
    .option("--follow", "keep printing new lines");
  withExamples(withCommonOptions(command), [
    ["endow logs postgres", "one server"],
    ["endow logs --follow", "all servers, live"],
  ]);
  return command.action(onUse(async () => (await import("../commands/logs.js")).logs));
};
