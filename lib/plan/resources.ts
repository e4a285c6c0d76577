import type { Definition } from "../definition";
import type { Problem } from "../errors";
import { leaseName } from "../names";
import { ownValue } from "../own-value";
import { requirementIn, suppliedTexts, type PlanContext } from "./context";
import type { KindFacts } from "./facts";
import { planServers, requestedServer, type PlannedServer, type RequestedServer } from "./servers";

/**
 * Where a resource is made: on a server of the environment's `own`, on one of the `base` stack's, on one that is `given` by the program; `none` where
 * the resource is already there: then nothing is made, and nothing is ever removed.
 */
export type Hosting = "own" | "base" | "given" | "none";

/** What one setting gets: a database and its role, a bucket and its key. */
export interface PlannedResource {
  /** Names the setting's resources for ever: `shared.databaseUrl`. */
  readonly id: string;
  /** Ids that it had before; its resources are taken over from them. */
  readonly formerly: readonly string[];
  /** `<group>.<name>` in the code. */
  readonly setting: string;
  /** Name of the setting's kind: `postgres`. */
  readonly kind: string;
  /** Name of the server that it asks for. Planned where `hosting` is `own`; else the name that the base stack has it under, or would have. */
  readonly server: string;
  /** Proposed name of the database, user or bucket; one that it has already is kept. */
  readonly name: string;
  /** The kind's own options, with the defaults filled in. */
  readonly options: unknown;
  readonly hosting: Hosting;
  /** Who makes its credential; what is already there has one. */
  readonly credential: KindFacts["credential"] | "existing";
  /** Whether removing it is refused until told otherwise. */
  readonly protected: boolean;
}

/** Settings that a resource provides, with what they need. */
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
      setting: `${definition.group}.${definition.name}`,
      kind: definition.kind.name,
      server: server.name,
      // Other environments may live on such a server as well.
      name: leaseName(hosting === "given" || hosting === "base" ? `${project}.${environment.name}.${definition.id}` : definition.id),
      options: definition.kind.options,
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
 * Settings that get a resource: of a kind that one can provide, without a value from a person. One that need not have a value here
 * (`requiredIn`, `requiredWhen`) or that falls back to another gets none; one that merely is `.optional()` does.
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
