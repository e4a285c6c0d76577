import { acceptedVariables } from "../definition";
import type { Env } from "../environment";
import { fault } from "../errors";
import { screamingSnake } from "../names";
import type { Group } from "../settings";
import { readerOf, type FoundStore } from "../stores/stores";
import type { ReadRequest } from "../stores/reader";
import type { Entries } from "../values/gather";

/** Reads a group's store and those of the groups it extends, in one call each. */
export const readEntries = async (group: Group, env: Env, signal?: AbortSignal): Promise<Entries> =>
  new Map(
    await Promise.all(
      storesOf(group, env, signal).map(async ({ name, reader, request }) => [name, await (await reader).read(request)] as const),
    ),
  );

/**
 * The synchronous form of `readEntries`.
 *
 * @throws EndowError `STORE_ASYNC` if a store is reached over a network.
 */
export const readEntriesSync = (group: Group, env: Env): Entries =>
  new Map(
    storesOf(group, env).map(({ name, reader, request }) => {
      if (!(reader instanceof Promise) && reader.readSync) return [name, reader.readSync(request)] as const;
      throw fault(
        "STORE_ASYNC",
        `the values of ${name} are in a remote store, which loadSync() cannot wait for`,
        "use `await load(group)`",
        name,
      );
    }),
  );

interface GroupStore extends Pick<FoundStore, "reader"> {
  /** The group's name. */
  readonly name: string;
  readonly request: ReadRequest;
}

const storesOf = ({ definitions }: Group, env: Env, signal?: AbortSignal): readonly GroupStore[] =>
  [...new Set(definitions.map(({ group }) => group))].flatMap((name) => {
    const variable = `ENDOW_${screamingSnake(name)}`;
    const text = env[variable];
    if (!text) return [];
    const { reader, address } = readerOf(variable, text);
    const variables = definitions.flatMap((definition) => (definition.group === name ? acceptedVariables(definition) : []));
    return [{ name, reader, request: { address, variables: variables.map((one) => one.name), env, ...(signal && { signal }) } }];
  });
