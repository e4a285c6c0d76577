import { fault } from "../errors";

/** What there is for each kind, found by a kind's name. */
export interface Registry<Entry> {
  readonly names: readonly string[];
  readonly find: (kind: string) => Entry | undefined;
  /** @throws EndowError `KIND_UNKNOWN` */
  readonly get: (kind: string) => Entry;
}

/**
 * Finds the entry of a kind whose name is known only at run time. Its own types are then lost: the caller has options and fields of the same kind as
 * data, so `Entry` takes any.
 *
 * @param what an entry is, for the error: "recipe"
 */
export const registryOf = <Entry extends Known, Known = Entry>(what: string, entries: Readonly<Record<string, Known>>): Registry<Entry> => {
  const names = Object.keys(entries);
  const find = (kind: string) => (Object.hasOwn(entries, kind) ? (entries[kind] as Entry) : undefined);
  return {
    names,
    find,
    get: (kind) => {
      const entry = find(kind);
      if (entry !== undefined) return entry;
      throw fault(
        "KIND_UNKNOWN",
        `there is no ${what} for the kind ${JSON.stringify(kind)}, only for ${names.join(", ")}`,
        "use one of these kinds, or a version of endow that has this one",
      );
    },
  };
};
