import type { Up } from "../local/up";
import type { Plan, PlannedVariable } from "../plan";
import { MASK } from "./output";
import type { Session } from "./session";
import { table } from "./table";

/** The result of `endow dev`, as plain JSON; secrets are masked. */
export interface Report {
  readonly project: string;
  readonly environment: string;
  readonly folder: string;
  readonly changed: boolean;
  readonly servers: ReadonlyArray<{
    readonly name: string;
    readonly kind: string;
    readonly version: string;
    readonly source: string;
    readonly port: number;
    readonly state: "started" | "running";
    /** Milliseconds. */
    readonly took: number;
  }>;
  readonly unavailable: ReadonlyArray<{ readonly name: string; readonly reason: string; readonly fix: string }>;
  readonly notes: Up["notes"];
  readonly variables: ReadonlyArray<{ readonly name: string; readonly value?: string; readonly from: string }>;
}

export const reportOf = (session: Session, plan: Plan, result: Up): Report => ({
  project: plan.project,
  environment: plan.environment.name,
  folder: result.folder,
  changed: result.changed,
  servers: result.servers.map(({ name, kind, program, port, change, took }) => ({
    name,
    kind,
    version: program.version,
    source: program.source,
    port,
    state: change === "started" || change === "restarted" ? "started" : "running",
    took: Math.round(took),
  })),
  unavailable: result.failed.map(({ name, error }) => ({
    name,
    reason: error.problems[0]?.message ?? error.message,
    fix: error.problems[0]?.fix ?? "",
  })),
  notes: result.notes,
  variables: plan.variables.map(shownOf(session, plan, result)),
});

/** The report as text. */
export const tablesOf = ({ servers, variables }: Report): string =>
  [
    table(
      ["server", "kind", "version", "source", "port", "state", "took"],
      servers.map(({ name, kind, version, source, port, state, took }) => [name, kind, version, source, port, state, seconds(took)]),
    ),
    table(
      ["variable", "value", "from"],
      variables.map(({ name, value, from }) => [name, shortened(value), from]),
    ),
  ]
    .filter(Boolean)
    .join("\n\n");

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

const WIDEST = 70;

const shortened = (value: string | undefined): string | undefined => {
  const line = value?.replaceAll(/\s+/g, " ");
  return line !== undefined && line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
};

/** How a variable is shown. */
const shownOf = ({ supplied }: Session, plan: Plan, { values, failed }: Up) => {
  const servers = new Map(plan.resources.map(({ setting, server }) => [setting, server]));
  const unavailable = new Set(failed.map(({ name }) => name));
  const valueOf = ({ name, secret, state }: PlannedVariable): string | undefined => {
    const value = state === "ready" ? values[name] : undefined;
    return value !== undefined && secret ? MASK : value;
  };
  const originOf = ({ name, from, setting, provider, source, state, value }: PlannedVariable): string => {
    const server = servers.get(provider ?? setting);
    if (server !== undefined && unavailable.has(server)) return "not available";
    // What a variable would be composed of may be in a file, or absent.
    if (state !== "ready" || (from !== undefined && values[name] === undefined)) return "not set";
    if (source === "default" && value === undefined) return "default, in the app";
    const origin = supplied.origins[from ?? name] ?? supplied.origins[`${from ?? name}_FILE`];
    const place = source === "supplied" ? (origin ?? source) : source === "provisioned" ? (server ?? source) : source;
    return from === undefined ? place : `${from}, ${place}`;
  };
  return (variable: PlannedVariable): Report["variables"][number] => {
    const value = valueOf(variable);
    return { name: variable.name, ...(value !== undefined && { value }), from: originOf(variable) };
  };
};
