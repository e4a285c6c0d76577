import { Command } from "commander";
import { allOption, onUse, portPair, programPair, settingIds, withCommonOptions, withExamples } from "../options";

export const dev = (): Command => {
  const command = new Command("dev")
    .summary("start the servers that the settings need, and run a command with their values")
    .description(
      "Starts the real servers that the settings need on this machine, and runs a command with the values in its environment. " +
        "Servers already running are reused, and all keep running afterwards.",
    )
    .argument("[command...]", "the app and its arguments")
    .option("--stop", "stop the servers; their data stays")
    .option("--down", "stop the servers and delete their data")
    .addOption(allOption("with --stop or --down: every environment on this machine, including those whose app is gone"))
    .option("--yes", "with --down: do not ask for confirmation")
    .option("--port <server=number>", "the port of a server (repeatable)", portPair)
    .option("--program <server=path>", "the executable of a server (repeatable)", programPair)
    .option(
      "--move <setting>",
      "move a setting, by id, to another server: it starts empty there; the old data is kept (repeatable)",
      settingIds,
    )
    .option("--json", "print the result as JSON, if no command is given")
    .option("--verbose", "show all servers and variables, even if nothing changed")
    .passThroughOptions();
  withExamples(withCommonOptions(command), [
    ["endow dev -- npm start", "start the servers, then the app"],
    ["endow dev -- uvicorn app:app --reload", "works in any language: values are environment variables"],
    ["endow dev", "start only the servers"],
    ["endow dev --port postgres=5433", "choose a port"],
    ["endow dev --stop", "stop the servers; data stays"],
    ["endow dev --down --yes", "stop the servers and delete all data"],
    ["endow dev --stop --all", "stop the servers of every app"],
  ]);
  return command.action(onUse(async () => (await import("../commands/dev.js")).dev));
};
