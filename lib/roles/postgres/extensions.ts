import { fault } from "../../errors";
import type { Step } from "../../kind";
import { identifier, literal } from "../sql";
import { adviceFor } from "./client";
import { maintenanceOf, type StepTarget, connected, query } from "./run";

/** Extensions of one setting and their dependencies, in the order in which they can be created. */
export interface Extensions {
  /** All of them. */
  readonly ordered: readonly string[];
  /** Any database owner may create these: "trusted". */
  readonly trusted: readonly string[];
  /** Only a superuser may create these. */
  readonly privileged: readonly string[];
}

type Available = {
  readonly name: string;
  readonly privileged: boolean;
  readonly requires: readonly string[];
};

const AVAILABLE = `
  select e.name, v.superuser and not v.trusted as privileged, coalesce(v.requires, '{}')::text[] as requires
  from pg_available_extensions e join pg_available_extension_versions v on v.name = e.name and v.version = e.default_version`;

/**
 * Groups the requested extensions by who may create them. Queries the server, because available extensions depend on its installation.
 * @throws EndowError `EXTENSION_UNAVAILABLE` listing the missing and the available extensions.
 */
export const planExtensions = async (asked: readonly string[], target: StepTarget, id: string): Promise<Extensions> => {
  if (asked.length === 0) return { ordered: [], trusted: [], privileged: [] };
  const rows = await connected(target, target.administrator, maintenanceOf(target), (client) =>
    query<Available>(client, AVAILABLE, "list the extensions"),
  );
  const available = new Map(rows.map((extension) => [extension.name, extension]));
  const wanted = withRequired(asked, available);
  const missing = wanted.filter((name) => !available.has(name));
  if (missing.length > 0) throw unavailable(missing, [...available.keys()], target, id);
  const isPrivileged = (name: string) => available.get(name)?.privileged === true;
  return { ordered: wanted, trusted: wanted.filter((name) => !isPrivileged(name)), privileged: wanted.filter(isPrivileged) };
};

/** Steps for a superuser. Creating an extension also creates its dependencies. */
export const privilegedSteps = (extensions: readonly string[]): readonly Step[] =>
  extensions.map((name) => ({
    on: "database",
    unless: `select 1 from pg_extension where extname = ${literal(name)}`,
    run: `create extension if not exists ${identifier(name)} cascade`,
  }));

/** Orders each extension after its dependencies. */
const withRequired = (asked: readonly string[], available: ReadonlyMap<string, Available>): string[] => {
  const ordered = new Set<string>();
  const add = (name: string) => {
    if (ordered.has(name)) return;
    available.get(name)?.requires.forEach(add);
    ordered.add(name);
  };
  asked.forEach(add);
  return [...ordered];
};

const unavailable = (missing: readonly string[], available: readonly string[], target: StepTarget, id: string) =>
  fault(
    "EXTENSION_UNAVAILABLE",
    `PostgreSQL on ${target.host}:${target.port} has no extension ${missing.join(", ")}; it has ${available.toSorted().join(", ")}`,
    adviceFor(target).extensionUnavailable,
    id,
  );
