import { pathOf, type Definition } from "../definition";
import type { Problem } from "../errors";
import { leaseName } from "../names";
import { ownValue } from "../internal/own-value";
import { requirementIn, suppliedTexts, type PlanContext } from "./context";
import type { KindFacts } from "./facts";
import { planServers, requestedServer, type PlannedServer, type RequestedServer } from "./servers";

/**
 * Where a resource is made: on the environment's `own` server, on one of the `base` stack, or on one `given` by the program. `none` if the
 * resource already exists: nothing is made, and nothing is ever deleted.
 */
export type Hosting = "own" | "base" | "given" | "none";

/** The resource of one setting: a database and its role, a bucket and its key. */
export interface PlannedResource {
  /** Permanent id of the setting's resources: `shared.databaseUrl`. */
  readonly id: string;
  /** Former ids, whose resources it takes over. */
  readonly formerly: readonly string[];
  /** `<group>.<name>` in the code. */
  readonly setting: string;
  /** Name of the setting's kind: `postgres`. */
  readonly kind: string;
  /** Name of the requested server. Planned if `hosting` is `own`; otherwise its actual or potential name in the base stack. */
  readonly server: string;
  /** Proposed name of the database, user or bucket; an existing one keeps its name. */
  readonly name: string;
  /** The kind's options that apply here, with defaults. */
  readonly options: unknown;
  readonly hosting: Hosting;
  /** Who creates its credential; `existing` if the resource already exists. */
  readonly credential: KindFacts["credential"] | "existing";
  /** Whether deleting it is refused unless explicitly allowed. */
  readonly protected: boolean;
}

/** Plans the resources of provisioned settings and their servers. */
export const planResources = (
  context: PlanContext,
  isProtected: boolean,
): {
  readonly servers: readonly PlannedServer[];
  readonly resources: readonly PlannedResource[];
  readonly problems: readonly Problem[];
} => {
  const { environment } = context;
  const { project } = context.request;
  const requested: RequestedServer[] = [];
  const resources = provisionedSettings(context).map((definition): PlannedResource => {
    const facts = ownValue(context.target.kinds, definition.kind.name);
    const hosting = hostingOf(context, definition, facts);
    const server = requestedServer(definition);
    if (hosting === "own" && facts?.server !== false) requested.push(server);
    return {
      id: definition.id,
      formerly: definition.formerly,
      setting: pathOf(definition),
      kind: definition.kind.name,
      server: server.name,
      // Other environments may use such a server too.
      name: leaseName(hosting === "given" || hosting === "base" ? `${project}.${environment.name}.${definition.id}` : definition.id),
      options: definition.kind.optionsIn({ environment: environment.type, ownServer: hosting === "own" || hosting === "base" }),
      hosting,
      credential: hosting === "none" ? "existing" : (facts?.credential ?? "deploy"),
      protected: isProtected,
    };
  });
  return { ...planServers(requested), resources };
};

const hostingOf = ({ request, environment }: PlanContext, { id }: Definition, facts: KindFacts | undefined): Hosting => {
  const said = ownValue(request.hosting ?? {}, id);
  if (said !== undefined) return said;
  return request.base === true && environment.type === "preview" && facts?.findsServer === true ? "base" : "own";
};

/**
 * Settings that get a resource: of a provisionable kind and without a supplied value. A setting that is not required here
 * (`requiredIn`, `requiredWhen`) or that has a fallback gets none; one that is merely `.optional()` does.
 */
const provisionedSettings = (context: PlanContext): readonly Definition[] =>
  context.settings
    .filter((owned) => {
      const { definition } = owned;
      if (!definition.kind.server || suppliedTexts(definition, context.supplied)) return false;
      if (!definition.requiredIn && !definition.requiredWhen) return definition.fallback === undefined;
      return requirementIn(context, owned).required;
    })
    .map(({ definition }) => definition);
