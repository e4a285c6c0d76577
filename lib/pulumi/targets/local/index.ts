import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Cell, Lease } from "../../../contract/cell";
import type { Cells, Target, WorkloadRequest } from "../../../contract/target";
import type { Environment } from "../../../environment";
import { EndowError, type Problem } from "../../../errors";
import type { OptionsOf, PublicFieldsOf, SecretFieldsOf } from "../../../kind";
import { mapKinds, provisionedKinds, type Provisioned, type ProvisionedKind } from "../../../kinds/provisioned";
import { localFacts } from "../../../local/facts";
import { ownValue } from "../../../internal/own-value";
import type { Plan, PlannedServer } from "../../../plan";
import { findWorkspace, isFolder } from "../../../workspace/root";
import { localStore } from "../../../stores/local/deploy";
import { valuesIn } from "../../delivery";
import { optionProblems, type LocalOptions } from "./options";
import type { LocalPlatform, LocalServerReference } from "./platform";
import { providerProblems } from "./provider-found";
import { referenceFaults } from "./reference";
import {
  GeneratedResource,
  LeaseResource,
  ProcessResource,
  RemoteLeaseResource,
  ServerResource,
  type LocalEnvironmentArgs,
  type LocalServerArgs,
} from "./resources";

/**
 * Runs real servers on this machine, for development environments: the same servers, with the same data, as `endow dev`. Values are stored in files
 * that only the current user can read.
 */
export const local = (options: LocalOptions = {}): Target<LocalPlatform> => {
  const folder = path.resolve(options.root ?? ".");
  const { root, problems } = rootOf(folder);
  return {
    facts: localFacts,
    place: root,
    cells: mapKinds<Required<Cells<LocalPlatform>>>(cellFor(options, root)),
    generate: ({ plan, secret: { id, formerly, generation }, make }) => {
      const { forceDestroy = false } = options;
      const setting = { setting: id, formerly: [...formerly], generation };
      const made = make(GeneratedResource, { environment: environmentFor(root, plan), ...setting, forceDestroy });
      return { credential: { by: "deploy", fields: made.fields }, ready: [made] };
    },
    store: localStore(root),
    // Values are passed directly: there are no references to resolve.
    resolves: [],
    refuses: developmentOnly,
    check: () => [...optionProblems(options, folder), ...problems, ...providerProblems()],
    checkReference: referenceFaults,
    ...(options.transform && { transform: options.transform }),
    // A process that can read this user's files can already reach the servers.
    grant: () => [],
    workload: (request) => run(request, root, folder),
  };
};

/** As in the commands, an app in a workspace shares the workspace's environment. */
const rootOf = (folder: string): { readonly root: string; readonly problems: readonly Problem[] } => {
  try {
    return { root: (isFolder(folder) ? findWorkspace(folder) : undefined) ?? folder, problems: [] };
  } catch (error) {
    if (!(error instanceof EndowError)) throw error;
    return { root: folder, problems: error.problems };
  }
};

const environmentFor = (root: string, { project, environment }: Plan): LocalEnvironmentArgs => ({ project, root, name: environment.name });

/** A server that endow manages, or an existing one. */
type ServerHandle = { readonly own: LocalServerArgs } | { readonly given: LocalServerReference; readonly kind: string };

/** One implementation for all kinds: differences are in the kinds' recipes, in the provider. */
const cellFor =
  (options: LocalOptions, root: string) =>
  <N extends ProvisionedKind>(
    kind: N,
  ): Cell<OptionsOf<Provisioned[N]>, PublicFieldsOf<Provisioned[N]>, SecretFieldsOf<Provisioned[N]>, LocalPlatform, ServerHandle> => {
    const { forceDestroy = false } = options;
    const { role } = provisionedKinds.get(kind);
    const fields = fieldsHere(kind);
    return {
      server: ({ plan, server, make }) => {
        const own = argsOf(server, options);
        make(ServerResource, { environment: environmentFor(root, plan), ...own, forceDestroy });
        return { own };
      },
      ...(role && { find: (given: LocalServerReference) => ({ given, kind }) }),
      lease: ({ plan, resource: { id, formerly, name, options: own }, server, make }) => {
        const shared = {
          environment: environmentFor(root, plan),
          setting: id,
          formerly: [...formerly],
          name,
          options: own as pulumi.Inputs,
          forceDestroy,
          fields,
        };
        if ("own" in server) return leased(make(LeaseResource, { ...shared, server: server.own }), fields);
        const { host, port = role?.port ?? 0, administrator, tls } = server.given;
        const remote = { kind, host, port, ...(tls !== undefined && { tls }) };
        return leased(make(RemoteLeaseResource, { ...shared, server: remote, administrator }), fields);
      },
    };
  };

/** Excludes fields that no local resource has: the provider never returns them, so they would be unknown in every preview. */
const fieldsHere = (kind: string): Readonly<Record<string, "public" | "secret">> => {
  const { fields, optionalFields = {} } = provisionedKinds.get(kind);
  const optional = ownValue(localFacts.kinds, kind)?.optionalFields ?? [];
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !(field in optionalFields) || optional.includes(field)));
};

const leased = <Public, Secret>(
  lease: LeaseResource | RemoteLeaseResource,
  visibilities: Readonly<Record<string, "public" | "secret">>,
): Lease<Public, Secret, LocalPlatform> => {
  const of = (visibility: "public" | "secret"): object =>
    Object.fromEntries(Object.entries(lease.fields).filter(([name]) => visibilities[name] === visibility));
  return {
    fields: of("public") as Lease<Public, Secret, LocalPlatform>["fields"],
    credential: { by: "deploy", fields: of("secret") as Lease<Secret, Public, LocalPlatform>["fields"] },
    access: () => [],
    ready: [lease],
  };
};

const argsOf = ({ name, id, kind, version, formerly }: PlannedServer, { ports = {}, programs = {} }: LocalOptions): LocalServerArgs => {
  const [port, program] = [ownValue(ports, name), ownValue(programs, name)];
  return {
    name,
    kind,
    serverId: id,
    formerly: [...formerly],
    ...(version !== undefined && { version }),
    ...(port !== undefined && { port }),
    ...(program !== undefined && { program: path.resolve(program) }),
  };
};

const run = (
  { plan, name, command, port, health, cwd = ".", env, reads, grant, make }: WorkloadRequest<LocalPlatform>,
  root: string,
  folder: string,
) => {
  const consumer = { process: name };
  const variables = pulumi
    .all([pulumi.all(reads.map(valuesIn)), pulumi.all(env)])
    .apply(([values, own]): Record<string, string> => Object.assign({}, ...values, own) as Record<string, string>);
  const { url } = make(
    ProcessResource,
    {
      environment: environmentFor(root, plan),
      name,
      command: [...command],
      cwd: path.resolve(folder, cwd),
      ...(port !== undefined && { port }),
      ...(health !== undefined && { health }),
      variables,
    },
    { dependsOn: [...grant(consumer), ...reads.flatMap(({ ready }) => ready)] },
  );
  return { consumer, url };
};

const developmentOnly = ({ name, type }: Environment): Problem | undefined =>
  type === "development"
    ? undefined
    : {
        code: "ENVIRONMENT_NOT_LOCAL",
        path: "target",
        message: `${JSON.stringify(name)} is a ${type} environment, but only development environments run on this machine`,
        fix: 'use another target for such stacks: target: (environment) => (environment.type === "development" ? local() : ...)',
      };
