import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../../environment";
import type { Problem } from "../../../errors";
import type { FieldsOf, OptionsOf } from "../../../kind";
import { mapKinds, provisionedKinds, type Provisioned, type ProvisionedKind } from "../../../kinds";
import type { PlannedServer } from "../../../plan";
import { localStore } from "../../../stores/local/deploy";
import type { Cell, Cells, Lease as Leased, Place, Target, WorkloadRequest } from "../target";
import { optionProblems, type LocalOptions } from "./options";
import { providerProblems } from "./provider-found";
import {
  LeaseResource,
  ProcessResource,
  RemoteLeaseResource,
  ServerResource,
  type LocalEnvironmentArgs,
  type LocalServerArgs,
} from "./resources";

/**
 * Real servers on this machine, for development environments: the ones that `endow dev` brings up, with the same data. Values go into files of this
 * user alone.
 */
export const local = (options: LocalOptions = {}): Target => {
  const root = path.resolve(options.root ?? ".");
  return {
    name: "local",
    place: root,
    cells: mapKinds<Cells>(cellFor(options, root)),
    store: localStore(root),
    refuses: developmentOnly,
    check: () => [...optionProblems(options, root), ...providerProblems()],
    workload: (request) => run(request, root),
  };
};

const environmentFor = (root: string, { plan, environment }: Place): LocalEnvironmentArgs => ({
  project: plan.project,
  root,
  name: environment,
});

/** Every kind is the same here: its recipe, which the provider knows, decides all else. */
const cellFor =
  (options: LocalOptions, root: string) =>
  <N extends ProvisionedKind>(kind: N): Cell<OptionsOf<Provisioned[N]>, FieldsOf<Provisioned[N]>> => {
    const { forceDestroy = false } = options;
    const { role, fields } = provisionedKinds.get(kind);
    return {
      server: ({ server, opts, ...place }) => {
        const environment = environmentFor(root, place);
        const resource = new ServerResource(server.name, { environment, ...argsOf(server, options), forceDestroy }, opts);
        return {
          resource,
          address: pulumi.all([resource.host, resource.port]).apply(([host, port]) => ({ host, port })),
          administrator: pulumi.interpolate`${resource.folder}/servers/${server.name}/credentials.json`,
        };
      },
      lease: ({ resource: { id, formerly, name, options: own }, planned, opts, ...place }) => {
        const environment = environmentFor(root, place);
        const server = argsOf(planned, options);
        const lease = new LeaseResource(
          id,
          { environment, server, setting: id, formerly: [...formerly], name, options: own as pulumi.Inputs, forceDestroy },
          fields,
          opts,
        );
        return leased(lease);
      },
      ...(role && {
        leaseOn: ({ resource: { id, formerly, name, options: own }, on, opts, ...place }) => {
          const { host, port = role.port, administrator, tls } = on;
          const environment = environmentFor(root, place);
          const server = { kind, host, port, ...(tls !== undefined && { tls }) };
          const lease = new RemoteLeaseResource(
            id,
            { environment, server, administrator, setting: id, formerly: [...formerly], name, options: own as pulumi.Inputs, forceDestroy },
            fields,
            opts,
          );
          return leased(lease);
        },
      }),
    };
  };

const leased = <Fields>(lease: LeaseResource | RemoteLeaseResource): Leased<Fields> => ({
  fields: lease.fields as { [P in keyof Fields]: pulumi.Input<Fields[P]> },
  writer: "deploy",
  ready: [lease],
  // Who may read the files of this user may reach its servers, and has the passwords of others'.
  admit: () => ({ statements: [], rules: [] }),
});

const argsOf = ({ name, kind, version, formerly }: PlannedServer, { ports = {}, programs = {} }: LocalOptions): LocalServerArgs => ({
  name,
  kind,
  formerly: [...formerly],
  ...(version !== undefined && { version }),
  ...(ports[name] !== undefined && { port: ports[name] }),
  ...(programs[name] !== undefined && { program: path.resolve(programs[name]) }),
});

const run = ({ consumer: { name }, command, port, health, cwd = ".", variables, opts, ...place }: WorkloadRequest, root: string) =>
  new ProcessResource(
    name,
    {
      environment: environmentFor(root, place),
      name,
      command: [...command],
      cwd: path.resolve(root, cwd),
      ...(port !== undefined && { port }),
      ...(health !== undefined && { health }),
      variables,
    },
    opts,
  );

const developmentOnly = ({ name, type }: Environment): Problem | undefined =>
  type === "development"
    ? undefined
    : {
        code: "ENVIRONMENT_NOT_LOCAL",
        path: "target",
        message: `${JSON.stringify(name)} is a ${type} environment, and only development ones run on this machine`,
        fix: 'give another target to such stacks: target: (environment) => (environment.type === "development" ? local() : ...)',
      };
