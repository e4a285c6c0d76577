import { Command } from "commander";
import { print } from "./output";
import { dev } from "./specs/dev";
import { env } from "./specs/env";
import { logs } from "./specs/logs";
import { plan } from "./specs/plan";
import { run } from "./specs/run";
import { setup } from "./specs/setup";
import { status } from "./specs/status";

/** The whole command line. Throws instead of exiting the process. */
export const program = (version: string): Command => {
  const root = new Command("endow")
    .description("Typed settings in, real infrastructure out.")
    .version(version, "--version", "print the version")
    .helpCommand("help [command]", "show help for a command")
    .enablePositionalOptions()
    .addHelpText("after", "\nStart with `endow dev -- <the command that starts your app>`.");
  for (const command of [dev(), run(), status(), logs(), env(), plan(), setup()]) root.addCommand(command);
  for (const command of [root, ...root.commands]) command.exitOverride().configureOutput({ writeOut: print });
  return root;
};
