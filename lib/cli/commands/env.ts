import { fault } from "../../errors";
import { readStores } from "../../local/values";
import type { Group } from "../../settings";
import { dialectsOf } from "../../workspace/dotenv/dotenv";
import { dotenvText } from "../dotenv";
import type { CommonOptions } from "../options";
import { MASK, print, printJson } from "../output";
import { locateLocal, openSession } from "../session";

interface EnvOptions extends CommonOptions {
  readonly reveal?: boolean;
  readonly group?: string;
}

/** `endow env`: prints the values of the last `endow dev`. On a terminal, secrets are masked. */
export const env = async (options: EnvOptions): Promise<void> => {
  const { app, folder, groups } = await openSession(locateLocal(options), options);
  const chosen = options.group === undefined ? groups : [groupNamed(groups, options.group)];
  const values = await readStores(folder, chosen);
  if (values === undefined) throw fault("ENVIRONMENT_NOT_MADE", "there are no values yet", "run `endow dev` first", folder);
  const shown = process.stdout.isTTY && !options.reveal ? masked(chosen, values) : values;
  if (options.json) printJson(shown);
  else if (Object.keys(shown).length > 0) print(dotenvText(shown, dialectsOf(app.root)));
};

const groupNamed = (groups: readonly Group[], name: string): Group => {
  const group = groups.find((each) => each.name === name);
  if (group) return group;
  throw fault(
    "GROUP_UNKNOWN",
    `there is no group ${JSON.stringify(name)}`,
    `name one of ${groups.map((each) => each.name).join(", ")}`,
    "--group",
  );
};

const masked = (groups: readonly Group[], values: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const variables = groups.flatMap(({ definitions }) => definitions.flatMap((one) => [one.variables, ...one.aliases].flat()));
  const secret = new Set(variables.filter((variable) => variable.secret).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, secret.has(name) ? MASK : value]));
};
