import type { Env } from "../environment";
import { fault } from "../errors";
import type { VariableTexts } from "../kind";
import { screamingSnake } from "../names";
import type { Group } from "../settings";
import { readerOf } from "../stores/stores";

/** What the store of each group holds. */
export type Entries = ReadonlyMap<string, VariableTexts>;

/** Reads the stores that a group's settings are kept in, its own and those of the groups it extends: one call each. */
export const readEntries = async (group: Group, env: Env): Promise<Entries> =>
  new Map(await Promise.all(storesOf(group, env).map(async ({ name, reader, location }) => [name, await reader.read(location)] as const)));

/**
 * The same without waiting.
 *
 * @throws EndowError `STORE_ASYNC` when a store is reached over a network.
 */
export const readEntriesSync = (group: Group, env: Env): Entries =>
  new Map(
    storesOf(group, env).map(({ name, reader, location }) => {
      if (reader.readSync) return [name, reader.readSync(location)] as const;
      throw fault(
        "STORE_ASYNC",
        `the values of ${name} are in a remote store, which loadSync() cannot wait for`,
        "use `await load(group)`",
        name,
      );
    }),
  );

const storesOf = ({ definitions }: Group, env: Env) =>
  [...new Set(definitions.map(({ group }) => group))].flatMap((name) => {
    const variable = `ENDOW_${screamingSnake(name)}`;
    const address = env[variable];
    return address ? [{ name, ...readerOf(variable, address) }] : [];
  });
