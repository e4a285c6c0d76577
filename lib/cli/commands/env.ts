import { acceptedVariables } from "../../definition";
import { fault } from "../../errors";
import { madeValues, recordFingerprints } from "../../local/fingerprints";
import { readStores } from "../../local/values";
import type { Group } from "../../settings";
import { dialectsOf } from "../../workspace/dotenv/dotenv";
import { dotenvText } from "../dotenv";
import { currentValues } from "../current-values";
import type { CommonOptions } from "../options";
import { MASK, print, printJson } from "../output";
import { locateLocal, openSession, planOf } from "../session";

interface EnvOptions extends CommonOptions {
  readonly reveal?: boolean;
  readonly group?: string;
}

/** `endow env`: prints the values of the last `endow dev`. On a terminal, secrets are masked. */
export const env = async (options: EnvOptions): Promise<void> => {
  const session = await openSession(locateLocal(options), options);
  const { app, folder, groups } = session;
  const chosen = options.group === undefined ? groups : [groupNamed(groups, options.group)];
  const stored = await readStores(folder, chosen);
  if (stored === undefined) throw fault("ENVIRONMENT_NOT_MADE", "there are no values yet", "run `endow dev` first", folder);
  const plan = planOf(session);
  // A deploy, which does not know what they are for, may have made them.
  recordFingerprints(folder, madeValues(plan, groups, stored));
  const values = ofGroups(chosen, currentValues(session, plan, stored));
  const shown = process.stdout.isTTY && !options.reveal ? masked(chosen, values) : values;
  if (options.json) printJson(shown);
  else if (Object.keys(shown).length > 0) print(dotenvText(shown, dialectsOf(app)));
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

const ofGroups = (groups: readonly Group[], values: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const names = new Set(groups.flatMap(variablesIn).flatMap(({ name }) => [name, `${name}_FILE`]));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
};

const variablesIn = ({ definitions }: Group) => definitions.flatMap((one) => [...acceptedVariables(one), ...one.derived]);

const masked = (groups: readonly Group[], values: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const secret = new Set(
    groups
      .flatMap(variablesIn)
      .filter((variable) => variable.secret)
      .map(({ name }) => name),
  );
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, secret.has(name) ? MASK : value]));
};
