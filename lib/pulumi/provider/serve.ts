import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { connectEngine } from "./engine-log";
import { type ProviderParts, resourceProvider } from "./provider";
import { trackInFlight } from "./in-flight";

/** Maximum bytes of one message, the same limit as Pulumi's own. */
const MESSAGE_SIZE = 400 * 1024 * 1024;

/** A running provider. */
export interface Serving {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Aborts the running steps, waits for them up to the given milliseconds, and stops. */
  readonly end: (patience: number) => Promise<void>;
}

/** Starts the provider's gRPC server on a free port of 127.0.0.1. */
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
