import { Command } from "commander";
import { onUse, withCommonOptions, withExamples } from "../options";

export const env = (): Command => {
  const command = new Command("env")
    .summary("the values, as dotenv text")
    .description(
      "Prints the values that `endow dev` made and was given. On a terminal secrets are masked; into a file or a pipe they are printed.",
    )
    .option("--json", "print them as JSON")
    .option("--reveal", "print secrets on a terminal, too")
    .option("--group <name>", "the values of one group");
  withExamples(withCommonOptions(command), [
    ["endow env", "look at them"],
    ["endow env > .env", "for tools that read .env; keep the file out of version control"],
    ["endow env --group shared --json", "one group, for a program"],
  ]);
  return command.action(onUse(async () => (await import("../commands/env.js")).env));
};
