import { fault } from "../errors";
import { ownValue } from "./own-value";

/** Entries by the name of a kind. */
export interface Registry<Entry> {
  readonly names: readonly string[];
  readonly find: (kind: string) => Entry | undefined;
  /** @throws EndowError `KIND_UNKNOWN` */
  readonly get: (kind: string) => Entry;
}

/**
 * Looks up entries by a kind's name at run time. Types are erased: callers dispatch by the kind's name and pass options and fields of the
 * same kind, so `Entry` accepts any.
 *
 * @param what what an entry is called in the error: "recipe"
 */
export const registryOf = <Entry extends Known, Known = Entry>(what: string, entries: Readonly<Record<string, Known>>): Registry<Entry> => {
  const names = Object.keys(entries);
  const find = (kind: string) => ownValue(entries, kind) as Entry | undefined;
  return {
    names,
    find,
    get: (kind) => {
      const entry = find(kind);
      if (entry !== undefined) return entry;
      throw fault(
        "KIND_UNKNOWN",
        `there is no ${what} for the kind ${JSON.stringify(kind)}, only for ${names.join(", ")}`,
        "use one of these kinds, or a version of endow that supports this one",
      );
    },
  };
};
