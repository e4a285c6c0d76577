import { Client, credentials, type MethodDefinition, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ProviderHandshakeRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { z } from "zod";
import { anyHandler } from "../../../lib/pulumi/provider/handlers";
import type { Handler } from "../../../lib/pulumi/provider/handler";
import { serve } from "../../../lib/pulumi/provider/serve";

export const TYPE = "endow-local:index:Box";
export const URN = `urn:pulumi:development::shop::parent:of:It$${TYPE}::box`;

const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** A value as the engine marks a secret. */
export const marked = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });

export const struct = (properties: object): Struct => Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as never);

export const boxInputs = z.strictObject({
  name: z.string().min(2),
  size: z.number().default(1),
  key: z.string().optional(),
  inner: z.strictObject({ port: z.int().max(65_535), words: z.array(z.string()).default([]) }).optional(),
  words: z.array(z.string()).default([]),
});
export type BoxInputs = z.output<typeof boxInputs>;
export interface BoxOutputs {
  readonly folder: string;
  readonly password: string;
  readonly running: boolean;
}

/** A resource without any dependencies, and its recorded steps. */
const boxHandler = (given: Given) => {
  const steps: string[] = [];
  const handler: Handler<BoxInputs, BoxOutputs> = {
    inputs: boxInputs,
    replaces: (before, { name }) => (name !== undefined && name !== before.name ? ["name"] : []),
    secretInputs: ["key"],
    secretOutputs: () => ["password"],
    create: async ({ name }) => ({ id: `made-${name}`, outputs: { folder: "/boxes", password: "pw-made", running: true } }),
    read: async ({ id, inputs, outputs }) => inputs && outputs && { id, inputs, outputs: { ...outputs, running: false } },
    update: async () => ({ folder: "/boxes", password: "pw-updated", running: true }),
    remove: async () => undefined,
    ...given,
  };
  const { create, update, remove } = handler;
  const counted = anyHandler<BoxInputs, BoxOutputs>({
    ...handler,
    create: (...parts) => (steps.push("create"), create(...parts)),
    update: (...parts) => (steps.push("update"), update(...parts)),
    remove: (...parts) => (steps.push("remove"), remove(...parts)),
  });
  return { handler: counted, steps };
};

type Given = Partial<Handler<BoxInputs, BoxOutputs>>;

/** Providers of boxes in this process; `end` stops all of them. */
export const makeProviders = () => {
  const ends: (() => Promise<void> | void)[] = [];
  const start = async (given: Given = {}) => {
    const { handler, steps } = boxHandler(given);
    const serving = await serve({ version: "1.2.3", handlers: async () => ({ [TYPE]: handler }), schema: async () => ({ name: "boxes" }) });
    const { ask, close } = connect(serving.port);
    const end = async (patience = 1_000) => {
      close();
      await serving.end(patience);
    };
    ends.push(end);
    return { ask, steps, end };
  };
  /** A provider that is connected to an engine. */
  const startAttached = async (given: Given) => {
    const [engine, provider] = [await startEngine(), await start(given)];
    ends.push(engine.end);
    await provider.ask(ResourceProviderService.handshake, new ProviderHandshakeRequest().setEngineAddress(engine.address));
    return { ...provider, engine };
  };
  return {
    start,
    startAttached,
    end: async () => {
      for (const end of ends.splice(0)) await end();
    },
  };
};

/** A client of a provider. `ask(ResourceProviderService.check, request)` is one call. */
export const connect = (port: number) => {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const ask = <Request, Response>(call: MethodDefinition<Request, Response>, request: Request): Promise<Response> =>
    new Promise((resolve, reject) =>
      client.makeUnaryRequest(call.path, call.requestSerialize, call.responseDeserialize, request, (error, response) =>
        error ? reject(error) : resolve(response as Response),
      ),
    );
  return { ask, close: () => client.close() };
};

/** The error of a refused call. */
export const refusalOf = (call: Promise<unknown>): Promise<ServiceError> =>
  call.then(
    () => Promise.reject(new Error("the call was answered")),
    (error: unknown) => error as ServiceError,
  );

/** Stands in for the engine, and records its messages. */
const startEngine = async () => {
  const lines: ReturnType<LogRequest["toObject"]>[] = [];
  const server = new Server();
  const log = (call: { request: LogRequest }, callback: (error: null, response: Empty) => void) => {
    lines.push(call.request.toObject());
    callback(null, new Empty());
  };
  server.addService(EngineService, { log });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))),
  );
  return { address: `127.0.0.1:${port}`, lines, end: () => server.forceShutdown() };
};
