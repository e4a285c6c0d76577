import type * as pulumi from "@pulumi/pulumi";
import type { BrokerEntry, Lease } from "../contract/cell";
import type { Access, Platform } from "../contract/platform";
import type { OpenStore } from "../contract/store";
import { cellOf } from "../contract/cell-of";
import type { Definition } from "../definition";
import type { PlannedResource, PlannedSecret, PlannedServer } from "../plan";
import type { Texts } from "../values/written";
import { baseServer } from "./base";
import type { Deployment } from "./deployment";
import { generatedLease } from "./generated";
import { makerFor, type Children } from "./maker";
import { fieldsOf, textsOf, type Fields } from "./resource-fields";
import { oncePerStack } from "./stack-registry";
import type { GroupEntry } from "./store-entries";

/** A setting's resource, created or existing, or its generated value. */
export interface ProvidedResource {
  readonly fields: Fields;
  /** The text of each variable of a setting: the resource's own, or one that falls back to it. */
  readonly textsFor: (definition: Definition) => pulumi.Output<Texts>;
  /** Changes when a broker writes a new credential. */
  readonly credentialVersion?: pulumi.Output<string>;
  /** The store of the group that created it, where a broker writes its entries. */
  readonly store: OpenStore<Platform>;
  readonly access: (consumer: object) => readonly Access[];
  readonly ready: readonly pulumi.Resource[];
}

export interface ResourceRequest {
  readonly deployment: Deployment;
  readonly definition: Definition;
  readonly planned: PlannedResource | PlannedSecret;
  readonly children: Children;
  readonly store: OpenStore<Platform>;
  /** The setting's entries that a broker writes. */
  readonly brokered: readonly GroupEntry[];
  /** The program's options for this resource. */
  readonly own?: pulumi.CustomResourceOptions | undefined;
  /** The program's options for servers. */
  readonly ofServers?: pulumi.CustomResourceOptions | undefined;
}

const keyOf = (deployment: Deployment, definition: Definition): string =>
  `settings ${deployment.target.facts.name}/${definition.variables[0]?.name}`;

const madeResources = (deployment: Deployment, definition: Definition) =>
  oncePerStack(keyOf(deployment, definition), () => new Map<Definition["schema"], ProvidedResource>());

/** A setting's resource, if another group of the stack has created it. */
export const resourceElsewhere = (deployment: Deployment, definition: Definition): ProvidedResource | undefined =>
  madeResources(deployment, definition).get(definition.schema);

/** A setting's resource, created once for all groups that contain the setting: they share its schema object and its variable. */
export const resourceOf = (request: ResourceRequest): ProvidedResource => {
  const { deployment, definition } = request;
  const made = madeResources(deployment, definition);
  const resource = made.get(definition.schema) ?? newResource(request);
  made.set(definition.schema, resource);
  return resource;
};

const newResource = (request: ResourceRequest): ProvidedResource => {
  const { deployment, definition, planned, store } = request;
  const given = deployment.existing.get(planned.id);
  const lease = given ? givenLease(given.fields) : leaseOf(request, planned);
  const { credential } = lease;
  const secrets = credential.by === "deploy" ? credential.fields : {};
  const fields = fieldsOf(
    definition.kind,
    { ...lease.fields, ...secrets },
    (visibility) => visibility === "public" || credential.by === "deploy",
  );
  const texts = new Map<Definition, pulumi.Output<Texts>>();
  return {
    fields,
    textsFor: (one) => {
      const known = texts.get(one) ?? textsOf(one, fields, given !== undefined);
      texts.set(one, known);
      return known;
    },
    store,
    access: (consumer) => lease.access(consumer),
    ready: lease.ready,
    ...(credential.by === "broker" && { credentialVersion: credential.version }),
  };
};

const givenLease = (fields: object): Lease<object, object, Platform> => ({
  fields,
  credential: { by: "deploy", fields },
  access: () => [],
  ready: [],
});

const leaseOf = (request: ResourceRequest, planned: ResourceRequest["planned"]): Lease<object, object, Platform> => {
  const { deployment, children, own } = request;
  const entries = brokerEntries(request);
  if ("generation" in planned) return generatedLease({ ...deployment, secret: planned, entries, children, own });
  const { plan, target } = deployment;
  const cell = cellOf(target, planned.kind);
  if (!cell) throw new Error(`${planned.id}: the target ${target.facts.name} has no cell for ${planned.kind}`);
  const { server, resource } = serverOf(request, planned);
  const make = makerFor(children, {
    part: planned.kind,
    name: planned.id,
    formerly: planned.formerly,
    isProtected: planned.protected,
    own,
    ...(resource && { after: [resource] }),
  });
  return cell.lease({ plan, resource: planned, options: planned.options, server, entries, make });
};

const brokerEntries = ({ brokered, store }: ResourceRequest): readonly BrokerEntry[] =>
  brokered.map(({ variable, content }) => ({ variable, content, entry: store.entry(variable) }));

/** The server that hosts a setting, and its main resource. */
interface Home {
  readonly server: unknown;
  readonly resource?: pulumi.Resource | undefined;
}

const serverOf = ({ deployment, children, ofServers }: ResourceRequest, planned: PlannedResource): Home => {
  const { plan, target, onServer, base } = deployment;
  const cell = cellOf(target, planned.kind);
  if (planned.hosting === "given") return { server: cell?.find?.(onServer.get(planned.id)?.reference ?? {}, planned) };
  // An output forwards property access, so the reference's fields are outputs too.
  if (planned.hosting === "base") return { server: cell?.find?.(baseServer(base, planned.server), planned) };
  const at = plan.servers.find(({ name }) => name === planned.server);
  return at ? madeServer(at, { deployment, children, ofServers }) : { server: undefined };
};

const madeServer = (
  server: PlannedServer,
  { deployment, children, ofServers }: Pick<ResourceRequest, "deployment" | "children" | "ofServers">,
): Home => {
  const { plan, target } = deployment;
  const cell = cellOf(target, server.kind);
  return oncePerStack(`server ${target.facts.name}/${server.name}`, () => {
    let first: pulumi.Resource | undefined;
    const make = makerFor(children, {
      part: server.kind,
      name: server.name,
      formerly: server.formerly,
      isProtected: plan.profile.protected,
      own: ofServers,
    });
    const made = cell?.server?.({
      plan,
      server,
      make: (type, args, options) => {
        const resource = make(type, args, options);
        if (options?.child === undefined) first = resource;
        return resource;
      },
    });
    if (cell?.reference) deployment.references.set(server.name, cell.reference(made));
    return { server: made, resource: first };
  });
};
