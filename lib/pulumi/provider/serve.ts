import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { connectEngine } from "./engine-log";
import { type ProviderParts, resourceProvider } from "./provider";
import { trackInFlight } from "./in-flight";

/** Bytes of one message, as Pulumi's own programs limit it. */
const MESSAGE_SIZE = 400 * 1024 * 1024;

/** A provider that answers. */
export interface Serving {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Ends what is under way, and waits for it, but no longer than these milliseconds. */
  readonly end: (patience: number) => Promise<void>;
}

/** Answers the engine's calls, on a free port of 127.0.0.1. */
export const serve = async (parts: Pick<ProviderParts, "version" | "handlers" | "schema">): Promise<Serving> => {
  const steps = trackInFlight();
  const server = new Server({ "grpc.max_receive_message_length": MESSAGE_SIZE, "grpc.max_send_message_length": MESSAGE_SIZE });
  server.addService(ResourceProviderService, resourceProvider({ ...parts, steps, engine: connectEngine() }));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))),
  );
  return {
    port,
    end: async (patience) => {
      steps.cancel();
      await steps.settled(patience);
      server.forceShutdown();
    },
  };
};
