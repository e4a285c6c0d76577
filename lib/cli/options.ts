import { type Command, InvalidArgumentError, Option } from "commander";
import type { AppRequest } from "../workspace/app";

/** Options that every command has. */
export interface CommonOptions extends AppRequest {
  /** A name, or `name=type`. */
  readonly environment: string;
  readonly json?: boolean;
}

export const withCommonOptions = (command: Command): Command =>
  command
    .option("--environment <name>", "the environment, as name or name=type", "development")
    .option("--cwd <folder>", "run as if started in this folder")
    .option("--settings <file>", "the settings file (default: found by convention)")
    .option("--project <name>", "the project's name (default: that of the app or its workspace, from package.json or pyproject.toml)");

/** `--all`, which conflicts with every option that selects one environment. */
export const allOption = (description: string): Option =>
  new Option("--all", description).conflicts(["environment", "cwd", "settings", "project"]);

/** Adds examples to a command's help. */
export const withExamples = (command: Command, examples: ReadonlyArray<readonly [line: string, what: string]>): Command => {
  const width = Math.max(...examples.map(([line]) => line.length));
  return command.addHelpText("after", `\nExamples:\n${examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`).join("\n")}`);
};

/** Loads a command's code when the command is used. Its return value, if any, is the exit code. */
export const onUse =
  <A extends unknown[]>(load: () => Promise<(...given: A) => Promise<number | void>>) =>
  async (...given: A): Promise<void> => {
    const command = await load();
    process.exitCode = (await command(...given)) ?? 0;
  };

/** `--port postgres=5433 --port redis=6380` */
export const portPair = (text: string, before: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> => {
  const [name, value] = pair(text);
  const port = Number(value);
  if (!/^\d+$/.test(value) || port < 1024 || port > 65_535)
    throw new InvalidArgumentError(
      "The port must be an integer from 1024 to 65535: servers run without the right to listen on lower ones.",
    );
  return { ...before, [name]: port };
};

/** `--program postgres=/usr/lib/postgresql/17/bin/postgres` */
export const programPair = (text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => {
  const [name, value] = pair(text);
  return { ...before, [name]: value };
};

/** `--move shared.databaseUrl --move shared.cacheUrl` */
export const settingIds = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

const pair = (text: string): readonly [string, string] => {
  const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("It must have the form server=value.");
  return [name, value];
};

/** A whole number of at least 0. */
export const count = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
};
