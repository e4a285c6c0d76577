import { fault } from "../errors";
import type { CommonOptions } from "./options";

export interface DevOptions extends CommonOptions {
  readonly stop?: boolean;
  readonly down?: boolean;
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly port?: Readonly<Record<string, number>>;
  readonly program?: Readonly<Record<string, string>>;
  readonly move?: readonly string[];
  readonly verbose?: boolean;
}

/** Options that make no sense with --stop or --down. */
const STARTING = ["port", "program", "move", "json", "verbose"] as const;

/** @throws EndowError `OPTIONS_CLASH` if an option would be ignored because of another */
export const assertCombination = (command: readonly string[], options: DevOptions): void => {
  const { stop, down, all, yes, json } = options;
  if (stop && down) throw clash("--stop", "--down");
  const ending = stop ? "--stop" : down ? "--down" : undefined;
  const starting = STARTING.find((name) => options[name] !== undefined);
  if (ending && command.length > 0) throw clash(ending, "a command");
  if (ending && starting) throw clash(ending, `--${starting}`);
  if (all && !ending) throw useless("--all", "--stop or --down");
  if (yes && !down) throw useless("--yes", "--down");
  if (command.length > 0 && json) throw clash("--json", "a command, which share standard output,");
};

const clash = (first: string, second: string) =>
  fault("OPTIONS_CLASH", `${first} and ${second} cannot be combined`, "remove one of them", first);

const useless = (option: string, needed: string) =>
  fault("OPTIONS_CLASH", `${option} requires ${needed}`, `remove ${option}, or add ${needed}`, option);
