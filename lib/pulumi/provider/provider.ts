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
import type { Context } from "./handler";
import type { InFlight } from "./in-flight";

/** What the provider's answers are made of. */
export interface ProviderParts {
  readonly version: string;
  /** By type: `endow-local:index:Server`. */
  readonly handlers: () => Promise<Readonly<Record<string, AnyHandler>>>;
  readonly schema: () => Promise<object>;
  readonly engine: Engine;
  readonly steps: InFlight;
}

/** The engine's calls, each answered by the handler of the resource's type. What works on resources is loaded on use: the engine waits for the start. */
export const resourceProvider = ({ version, handlers, schema, engine, steps }: ProviderParts): IResourceProviderServer => {
  const handlerOf = async (urn: string): Promise<AnyHandler> => {
    const known = await handlers();
    const handler = known[typeOf(urn)];
    if (handler !== undefined) return handler;
    throw fault(
      "RESOURCE_TYPE_UNKNOWN",
      `endow-local ${version} has no resource ${typeOf(urn)}, only ${Object.keys(known).join(", ")}`,
      "use the same version of endow in the program and in the provider: `npx endow setup` installs it",
    );
  };
  /** A call about a resource: it can be cancelled, and may say how it goes. */
  const step = <Request extends ResourceRequest, Response>(
    work: (resource: Resource) => (handler: AnyHandler, request: Request, context: Context) => Promise<Response>,
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
    construct: refused("endow-local has no components: they are in the package endow"),
    parameterize: refused("endow-local takes no parameters"),
    getMapping: refused("endow-local maps no other provider"),
    getMappings: refused("endow-local maps no other provider"),
    list: (stream) => void stream.emit("error", unimplemented("endow-local cannot list resources")),
  };
};

type Resource = typeof import("./crud");

interface ResourceRequest {
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
