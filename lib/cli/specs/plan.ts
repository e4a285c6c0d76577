import { Command } from "commander";
import { onUse, withCommonOptions, withExamples } from "../options";

export const plan = (): Command => {
  const command = new Command("plan")
    .summary("show what an environment needs, and what is missing")
    .description("Shows what an environment needs: servers, resources, variables, and the values you still have to supply. Starts nothing.")
    .option("--json", "print it as JSON");
  withExamples(withCommonOptions(command), [
    ["endow plan", "on this machine"],
    ["endow plan --environment production", "what production needs"],
    ["endow plan --environment qa=test --json", "a custom name, as JSON"],
  ]);
  return command.action(onUse(async () => (await import("../commands/plan.js")).plan));
};
