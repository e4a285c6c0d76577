import { existsSync } from "node:fs";
import path from "node:path";
import { acceptedVariables } from "../definition";
import { codeOf } from "../errors";
import { withRealCause } from "../internal/open-files";
import { ownValue } from "../internal/own-value";
import { screamingSnake } from "../names";
import type { Group } from "../settings";
import { readValues } from "../stores/local/load";
import { addressOf, writeValues } from "../stores/local/write";
import { allEnded } from "./concurrency";

type Values = Readonly<Record<string, string>>;

/** Stores the values of each group in an environment's folder; returns each group's address by its `ENDOW_<GROUP>` variable. */
export const writeStores = async (folder: string, groups: readonly Group[], values: Values): Promise<Values> => {
  await allEnded(
    groups.map((group) =>
      writeValues(storesIn(folder), group.name, Object.fromEntries(present(namesIn(group).map((name) => [name, ownValue(values, name)])))),
    ),
  );
  return storeAddresses(folder, groups);
};

/** Address of each group's values, by its `ENDOW_<GROUP>` variable. */
export const storeAddresses = (folder: string, groups: readonly Group[]): Values =>
  Object.fromEntries(groups.map(({ name }) => [`ENDOW_${screamingSnake(name)}`, addressOf(storesIn(folder), name).href]));

/**
 * Reads the values that the last `up` stored for these groups; `undefined` if there was none.
 *
 * @throws EndowError `STORE_UNREADABLE`
 */
export const readStores = async (folder: string, groups: readonly Group[]): Promise<Values | undefined> => {
  const kept = groups.map(({ name }) => addressOf(storesIn(folder), name)).filter((address) => existsSync(address));
  if (kept.length === 0) return undefined;
  const all: Values[] = kept.map(readValues);
  return Object.assign({}, ...all) as Values;
};

/** Like `readStores`, for callers about to overwrite the values: damaged files count as missing. */
export const readStoresIfSound = (folder: string, groups: readonly Group[]): Promise<Values | undefined> =>
  readStores(folder, groups).catch((error: unknown) => {
    // A file that could not be opened may still be intact.
    const cause = withRealCause(error);
    if (codeOf(cause) === "STORE_UNREADABLE") return undefined;
    throw cause;
  });

/** Contains a file per group. */
export const storesIn = (folder: string) => path.join(folder, "values");

/** Names of all variables; `NAME_FILE` for a value in a file of the user's. */
const namesIn = ({ definitions }: Group): readonly string[] =>
  definitions.flatMap((definition) => [
    ...definition.derived.map(({ name }) => name),
    ...acceptedVariables(definition).flatMap(({ name }) => [name, `${name}_FILE`]),
  ]);

/** Drops entries without a value. */
const present = (entries: ReadonlyArray<readonly [string, string | undefined]>) =>
  entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
