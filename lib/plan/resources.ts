import type { Definition } from "../definition";
import type { Problem } from "../errors";
import { leaseName } from "../names";
import { requirementIn, suppliedTexts, type PlanContext } from "./context";
import { planServers, requestedServer, type PlannedServer, type RequestedServer } from "./servers";

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
  /** The server that it lives on; where the resource or its server exists already, the server that it would need, which may not be planned. */
  readonly server: string;
  /** Name of the database, user or bucket: `[a-z][a-z0-9_]{0,62}`. */
  readonly name: string;
  /** The kind's own options, with the defaults filled in. */
  readonly options: unknown;
  /** Whether it is somebody else's: then nothing is made, and nothing is ever removed. */
  readonly existing: boolean;
  /** Whether it is made on a server that is somebody else's. */
  readonly onExistingServer: boolean;
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
    const existing = context.existing.has(definition.id);
    const onExistingServer = context.existingServers.has(definition.id);
    const server = requestedServer(definition);
    if (!existing && !onExistingServer) requested.push(server);
    return {
      id: definition.id,
      formerly: definition.formerly,
      setting: `${definition.group}.${definition.name}`,
      kind: definition.kind.name,
      server: server.name,
      // Other environments may live on such a server as well.
      name: leaseName(onExistingServer ? `${project}.${environment.name}.${definition.id}` : definition.id),
      options: definition.options,
      existing,
      onExistingServer,
      protected: isProtected,
    };
  });
  return { ...planServers(requested), resources };
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
