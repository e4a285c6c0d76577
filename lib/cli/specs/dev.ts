import { Command } from "commander";
import { allOption, onUse, portPair, programPair, settingIds, withCommonOptions, withExamples } from "../options";

export const dev = (): Command => {
  const command = new Command("dev")
    .summary("bring up the servers that the settings need, and run a command with their values")
    .description(
      "Brings up the real servers that the settings need on this machine, and runs a command with the values in its environment. " +
        "What runs already is left alone, and the servers keep running afterwards.",
    )
    .argument("[command...]", "the app, and its parameters")
    .option("--stop", "stop the servers; their data stays")
    .option("--down", "stop the servers and delete their data")
    .addOption(allOption("with --stop or --down: every environment on this machine, also those whose app is gone"))
    .option("--yes", "with --down: do not ask")
    .option("--port <server=number>", "the port of a server (repeatable)", portPair)
    .option("--program <server=path>", "the program of a server (repeatable)", programPair)
    .option(
      "--move <setting>",
      "have a setting start empty on another server, by the setting's id; its data stays (repeatable)",
      settingIds,
    )
    .option("--json", "print the result as JSON, when no command is given")
    .option("--verbose", "show all servers and variables, also when nothing changed")
    .passThroughOptions();
  withExamples(withCommonOptions(command), [
    ["endow dev -- npm start", "servers, then the app"],
    ["endow dev -- uvicorn app:app --reload", "any language: values are environment variables"],
    ["endow dev", "the servers alone"],
    ["endow dev --port postgres=5433", "a port of your choice"],
    ["endow dev --stop", "stop them; data stays"],
    ["endow dev --down --yes", "stop them and delete all data"],
    ["endow dev --stop --all", "stop the servers of every app"],
  ]);
  return command.action(onUse(async () => (await import("../commands/dev.js")).dev));
};
