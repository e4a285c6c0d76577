import { Command } from "commander";
import { onUse, withExamples } from "../options";

export const setup = (): Command => {
  const command = new Command("setup")
    .summary("install the Pulumi provider that runs servers on this machine")
    .description(
      "Installs this version of the Pulumi provider endow-local where all your Pulumi programs find it: $PULUMI_HOME, else ~/.pulumi. " +
        "Not needed if npm or npx starts Pulumi in an app that has the package endow installed.",
    )
    .option("--remove", "uninstall this version; other versions stay")
    .option("--json", "print the result as JSON");
  withExamples(command, [
    ["endow setup", "before the first `pulumi up`"],
    ["endow setup --remove", "undo it"],
  ]);
  return command.action(onUse(async () => (await import("../commands/setup.js")).setup));
};
