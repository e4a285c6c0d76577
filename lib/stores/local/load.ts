import { readFileSync, statSync } from "node:fs";
import { codeOf, fault } from "../../errors";
import type { StoredValues } from "../../values/gather";
import type { ReadRequest, StoreReader } from "../reader";

/**
 * Reads a group's values from a file on this machine: a JSON object of variables, mode 0600. For development only.
 *
 * @throws EndowError `STORE_UNREADABLE` if the file is missing, accessible to other users, or not a JSON object of strings.
 */
export const local: StoreReader = {
  read: async (request) => read(request),
  readSync: (request) => read(request),
};

const read = ({ address, variables, signal }: ReadRequest): StoredValues => {
  signal?.throwIfAborted();
  const values = new Map(Object.entries(readValues(address)));
  return Object.fromEntries(variables.flatMap((name) => (values.has(name) ? [[name, values.get(name) ?? ""]] : [])));
};

/** Reads all values of such a file. */
export const readValues = (location: URL): StoredValues => {
  const unreadable = (why: string) =>
    fault(
      "STORE_UNREADABLE",
      `the values at ${location.href} cannot be read: ${why}`,
      "run `endow dev` again, or make the file a JSON object of strings with mode 0600",
      location.href,
    );
  const attempt = <T>(work: () => T, otherwise: string): T => {
    try {
      return work();
    } catch (error) {
      throw unreadable(codeOf(error) ?? otherwise);
    }
  };
  const mode = attempt(() => statSync(location).mode, "this process may not read it");
  if (process.platform !== "win32" && (mode & 0o077) !== 0) throw unreadable("other users can access the file");
  const text = attempt(() => readFileSync(location, "utf8"), "this process may not read it");
  const values: unknown = attempt(() => JSON.parse(text) as unknown, "it is not JSON");
  if (isStored(values)) return values;
  throw unreadable("it is not an object of strings");
};

const isStored = (value: unknown): value is StoredValues =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every((text) => typeof text === "string");
