import * as pulumi from "@pulumi/pulumi";
import type { Definition } from "../definition";
import type { VariableTexts } from "../kind";
import type { PlannedResource, PlannedServer } from "../plan";
import type { Deployment } from "./deployment";
import type { ExistingServer } from "./on-server";
import { fieldsOf, textsOf, type Fields } from "./resource-fields";
import { oncePerStack } from "./stack-registry";
import { cellOf, type Cell, type Grant, type Consumer, type Lease, type Server } from "./targets/target";

/** What a component hands down to whatever it makes. */
export interface ChildOptions {
  readonly parent: pulumi.ComponentResource;
  readonly dependsOn?: pulumi.CustomResourceOptions["dependsOn"];
}

/** A setting's resource: made for it, or there already. */
export interface Resource {
  readonly fields: Fields;
  /** By suffix, for those variables that the deploy writes. */
  readonly texts?: pulumi.Output<VariableTexts>;
  readonly ready: readonly pulumi.Resource[];
  readonly admit: (consumer: Consumer) => Grant;
}

export interface ResourceRequest {
  readonly deployment: Deployment;
  readonly environment: pulumi.Output<string>;
  readonly definition: Definition;
  readonly planned: PlannedResource;
  readonly options: ChildOptions;
  /** What the program says of this very resource. */
  readonly own?: pulumi.CustomResourceOptions | undefined;
  /** What the program says of servers. */
  readonly server?: pulumi.CustomResourceOptions | undefined;
}

/** The resource of a setting, made once for all groups that have the setting. */
export const resourceOf = (request: ResourceRequest): Resource => {
  const { deployment, definition } = request;
  // Two groups have a setting when they have one schema object under one variable.
  const made = oncePerStack(
    `settings ${deployment.target.name}/${definition.variables[0]?.name}`,
    () => new Map<Definition["schema"], Resource>(),
  );
  const resource = made.get(definition.schema) ?? newResource(request);
  made.set(definition.schema, resource);
  return resource;
};

const newResource = (request: ResourceRequest): Resource => {
  const { deployment, definition, planned } = request;
  const given = deployment.existing[planned.id];
  const lease = given
    ? { fields: given.fields, writer: "deploy" as const, ready: [], admit: () => ({ statements: [], rules: [] }) }
    : leaseOf(request);
  const fields = fieldsOf(definition.kind, lease.fields);
  return {
    fields,
    ready: lease.ready,
    admit: lease.admit,
    ...(lease.writer === "deploy" && { texts: textsOf(definition, fields, given !== undefined) }),
  };
};

const leaseOf = (request: ResourceRequest): Lease<object> => {
  const { deployment, environment, planned, options, own, server: ofServers } = request;
  const { plan, target } = deployment;
  const cell = cellOf(target, planned.kind);
  const existing = deployment.existingServers[planned.id];
  if (existing && cell.leaseOn) return leaseOnExisting(request, existing, cell.leaseOn);
  const at = plan.servers.find(({ name }) => name === planned.server);
  if (!at) throw new Error(`${planned.id}: its server ${planned.server} is not in the plan`);
  const server = cell.server && serverOf(at, { deployment, environment, options, ofServers }, cell.server);
  return cell.lease(
    {
      plan,
      environment,
      resource: planned,
      planned: at,
      options: planned.options,
      opts: optionsOf(options, planned.formerly, planned.protected, own, server?.resource),
    },
    server,
  );
};

const leaseOnExisting = (
  { deployment: { plan }, environment, planned, options, own }: ResourceRequest,
  { server }: ExistingServer,
  leaseOn: NonNullable<Cell<unknown, object>["leaseOn"]>,
): Lease<object> =>
  leaseOn({
    plan,
    environment,
    resource: planned,
    options: planned.options,
    on: server,
    opts: optionsOf(options, planned.formerly, planned.protected, own),
  });

const serverOf = (
  server: PlannedServer,
  {
    deployment,
    environment,
    options,
    ofServers,
  }: Pick<ResourceRequest, "deployment" | "environment" | "options"> & { ofServers: ResourceRequest["server"] },
  make: NonNullable<ReturnType<typeof cellOf>["server"]>,
): Server => {
  const { plan } = deployment;
  const opts = optionsOf(options, server.formerly, plan.profile.protected, ofServers);
  return oncePerStack(`server ${deployment.target.name}/${server.name}`, () => make({ plan, environment, server, opts }));
};

/** Never `protect: false`: that would undo what the component was told. */
const optionsOf = (
  { parent, dependsOn }: ChildOptions,
  formerly: readonly string[],
  isProtected: boolean,
  own: pulumi.CustomResourceOptions = {},
  server?: pulumi.Resource,
): pulumi.CustomResourceOptions =>
  pulumi.mergeOptions(
    {
      parent,
      ...(dependsOn && { dependsOn }),
      ...(isProtected && { protect: true }),
      ...(formerly.length > 0 && { aliases: formerly.map((name) => ({ name })) }),
    },
    pulumi.mergeOptions(server ? { dependsOn: [server] } : {}, own),
  );
