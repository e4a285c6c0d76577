import { Command } from "commander";
import { onUse, withExamples } from "../options";

export const setup = (): Command => {
  const command = new Command("setup")
    .summary("install the Pulumi provider that makes servers on this machine")
    .description(
      "Puts the Pulumi provider endow-local of this version where every Pulumi program of yours finds it: $PULUMI_HOME, else ~/.pulumi. " +
        "Not needed where Pulumi is started by npm or npx in an app that has the package endow.",
    )
    .option("--remove", "remove it again; other versions stay")
    .option("--json", "print the result as JSON");
  withExamples(command, [
    ["endow setup", "before the first `pulumi up`"],
    ["endow setup --remove", "undo it"],
  ]);
  return command.action(onUse(async () => (await import("../commands/setup.js")).setup));
};
