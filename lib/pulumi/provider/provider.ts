import type { handleUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckResponse,
  ConfigureResponse,
  DiffResponse,
  GetSchemaResponse,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { fault } from "../../errors";
import type { Engine } from "./engine-log";
import { grpcStatusOf, unimplemented } from "./errors";
import type { AnyHandler } from "./handlers";
import type { StepContext } from "./handler";
import type { InFlight } from "./in-flight";

/** The parts that the provider is built from. */
export interface ProviderParts {
  readonly version: string;
  /** Handlers by type: `endow-local:index:Server`. */
  readonly handlers: () => Promise<Readonly<Record<string, AnyHandler>>>;
  readonly schema: () => Promise<object>;
  readonly engine: Engine;
  readonly steps: InFlight;
}

/** Dispatches the engine's calls to the resource type's handler. Loads handlers on first use, because the engine waits for the provider to start. */
export const resourceProvider = ({ version, handlers, schema, engine, steps }: ProviderParts): IResourceProviderServer => {
  const handlerOf = async (urn: string): Promise<AnyHandler> => {
    const known = await handlers();
    const handler = known[typeOf(urn)];
    if (handler !== undefined) return handler;
    throw fault(
      "RESOURCE_TYPE_UNKNOWN",
      `endow-local ${version} has no resource type ${typeOf(urn)}; it has ${Object.keys(known).join(", ")}`,
      "install the provider of the program's version of endow: run `npx endow setup`",
    );
  };
  /** Handles a call for a resource, with cancellation and progress messages. */
  const step = <Request extends StepRequest, Response>(
    work: (resource: Resource) => (handler: AnyHandler, request: Request, context: StepContext) => Promise<Response>,
  ) =>
    unary<Request, Response>(async (request) => {
      const { progress, warn, tell, end } = engine.voice(request.getUrn());
      try {
        return await steps.run(request.getTimeout?.() ?? 0, async (signal) => {
          const handler = await handlerOf(request.getUrn());
          return work(await import("./crud.js"))(handler, request, { signal, progress, warn, tell });
        });
      } finally {
        await end();
      }
    });

  return {
    handshake: unary(async (request) => {
      engine.attach(request.getEngineAddress());
      return new ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true);
    }),
    attach: unary(async (request) => {
      engine.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(async () => new PluginInfo().setVersion(version)),
    getSchema: unary(async () => new GetSchemaResponse().setSchema(JSON.stringify(await schema()))),
    checkConfig: unary(async (request) => new CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(async () => new DiffResponse().setChanges(DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(async () => new ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true)),
    check: step((resource) => resource.check),
    diff: step((resource) => resource.diff),
    create: step((resource) => resource.create),
    read: step((resource) => resource.read),
    update: step((resource) => resource.update),
    delete: step((resource) => resource.remove),
    cancel: unary(async () => {
      steps.cancel();
      return new Empty();
    }),
    invoke: refused("endow-local has no functions"),
    call: refused("the resources of endow-local have no methods"),
    construct: refused("endow-local has no components: use those of the package endow"),
    parameterize: refused("endow-local takes no parameters"),
    getMapping: refused("endow-local has no mappings for other providers"),
    getMappings: refused("endow-local has no mappings for other providers"),
    list: (stream) => void stream.emit("error", unimplemented("endow-local cannot list resources")),
  };
};

type Resource = typeof import("./crud");

interface StepRequest {
  readonly getUrn: () => string;
  /** In seconds; 0 for none. */
  readonly getTimeout?: () => number;
}

const unary =
  <Request, Response>(work: (request: Request) => Promise<Response>): handleUnaryCall<Request, Response> =>
  (call, callback) =>
    void answer(work(call.request), callback);

const answer = async <Response>(work: Promise<Response>, callback: sendUnaryData<Response>): Promise<void> => {
  try {
    callback(null, await work);
  } catch (error) {
    callback(grpcStatusOf(error));
  }
};

const refused =
  <Request, Response>(details: string): handleUnaryCall<Request, Response> =>
  (_call, callback) =>
    callback(unimplemented(details));

/** `urn:pulumi:development::shop::parent$endow-local:index:Server::postgres` */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
