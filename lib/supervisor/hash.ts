import { createHash } from "node:crypto";
import type { Service } from "./service";

/** Hash of a service, independent of the order of its fields. */
export const hashOf = (service: Service): string =>
  createHash("sha256")
    .update(JSON.stringify(sorted(service)))
    .digest("hex")
    .slice(0, 32);

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => [name, sorted(field)]);
};
