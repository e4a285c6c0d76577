import { Command } from "commander";
import { onUse, withCommonOptions, withExamples } from "../options";

export const run = (): Command => {
  const command = new Command("run")
    .summary("run a command with the values, on servers that run already")
    .description("Runs a command with the values in its environment. Starts no server: `endow dev` does.")
    .argument("<command...>", "the program, and its parameters")
    .passThroughOptions();
  withExamples(withCommonOptions(command), [
    ["endow run -- npm test", "tests against the servers of `endow dev`"],
    ["endow run -- sh -c 'psql \"$DATABASE_URL\"'", "a look at the database"],
  ]);
  return command.action(onUse(async () => (await import("../commands/run.js")).run));
};
