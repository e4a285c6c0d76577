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

/** What makes no sense where servers end. */
const STARTING = ["port", "program", "move", "json", "verbose"] as const;

/** @throws EndowError `OPTIONS_CLASH` for options of which one would be passed over */
export const assertCombination = (command: readonly string[], options: DevOptions): void => {
  const { stop, down, all, yes, json } = options;
  if (stop && down) throw clash("--stop", "--down");
  const ending = stop ? "--stop" : down ? "--down" : undefined;
  const starting = STARTING.find((name) => options[name] !== undefined);
  if (ending && command.length > 0) throw clash(ending, "a command");
  if (ending && starting) throw clash(ending, `--${starting}`);
  if (all && !ending) throw useless("--all", "--stop or --down");
  if (yes && !down) throw useless("--yes", "--down");
  if (command.length > 0 && json) throw clash("--json", "a command, whose output goes to the same place,");
};

const clash = (first: string, second: string) =>
  fault("OPTIONS_CLASH", `${first} and ${second} do not go together`, "leave one of them out", first);

const useless = (option: string, needed: string) =>
  fault("OPTIONS_CLASH", `${option} goes with ${needed} alone`, `leave ${option} out, or add ${needed}`, option);
