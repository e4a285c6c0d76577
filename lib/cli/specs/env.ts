import { Command } from "commander";
import { onUse, withCommonOptions, withExamples } from "../options";

export const env = (): Command => {
  const command = new Command("env")
    .summary("print the values as dotenv text")
    .description(
      "Prints the values of the last `endow dev`, both provisioned and supplied. Secrets are masked on a terminal, but not in a file or a pipe.",
    )
    .option("--json", "print them as JSON")
    .option("--reveal", "print secrets even on a terminal")
    .option("--group <name>", "only the values of one group");
  withExamples(withCommonOptions(command), [
    ["endow env", "show the values"],
    ["endow env > .env", "for tools that read .env; keep the file out of version control"],
    ["endow env --group shared --json", "one group, for a program"],
  ]);
  return command.action(onUse(async () => (await import("../commands/env.js")).env));
};
