import { Command } from "commander";
import { onUse, withCommonOptions, withExamples } from "../options";

export const run = (): Command => {
  const command = new Command("run")
    .summary("run a command with the values, on servers that are already running")
    .description("Runs a command with the values in its environment. Does not start servers; use `endow dev` for that.")
    .argument("<command...>", "the program and its arguments")
    .passThroughOptions();
  withExamples(withCommonOptions(command), [
    ["endow run -- npm test", "test against the servers of `endow dev`"],
    ["endow run -- sh -c 'psql \"$DATABASE_URL\"'", "open the database"],
  ]);
  return command.action(onUse(async () => (await import("../commands/run.js")).run));
};
