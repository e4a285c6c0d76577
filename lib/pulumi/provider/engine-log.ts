import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Milliseconds between two progress lines of one resource. */
const INTERVAL = 200;
/** Milliseconds that a step waits for the engine to take a line. */
const DEADLINE = 2_000;

/** What the steps of one resource show. */
export interface Voice {
  /** Shown beside the resource while the step lasts. Of many at once the last one is shown. */
  readonly progress: (message: string) => void;
  /** Shown, and kept in the engine's summary. */
  readonly warn: (message: string) => void;
  /** As `warn`, but no cause for worry. */
  readonly tell: (message: string) => void;
  /** When the step has ended: the engine has taken all that was to be said, or never will. */
  readonly end: () => Promise<void>;
}

/** The engine that has started this provider, as far as it is known. */
export interface Engine {
  readonly attach: (address: string) => void;
  readonly voice: (urn: string) => Voice;
}

export const connectEngine = (): Engine => {
  let client: EngineClient | undefined;
  const log = (urn: string, severity: LogSeverity, message: string, ephemeral: boolean): Promise<void> =>
    new Promise((resolve) => {
      if (client === undefined) return resolve();
      const request = new LogRequest().setUrn(urn).setSeverity(severity).setMessage(message).setEphemeral(ephemeral);
      // A line that cannot be shown is no reason for a step to fail.
      client.log(request, new Metadata(), { deadline: Date.now() + DEADLINE }, () => resolve());
    });
  return {
    attach: (address) => {
      client?.close();
      client = new EngineClient(address, credentials.createInsecure());
    },
    voice: (urn) => {
      const lasting: Promise<void>[] = [];
      const lastingly = (severity: LogSeverity) => (message: string) => void lasting.push(log(urn, severity, message, false));
      const progress = throttled((message) => void log(urn, LogSeverity.INFO, message, true));
      return {
        progress: progress.say,
        warn: lastingly(LogSeverity.WARNING),
        tell: lastingly(LogSeverity.INFO),
        end: async () => {
          progress.end();
          await Promise.all(lasting);
        },
      };
    },
  };
};

/** The first at once, then the newest each interval. */
const throttled = (show: (message: string) => void) => {
  let timer: NodeJS.Timeout | undefined;
  let next: string | undefined;
  const tick = () => {
    timer = undefined;
    if (next !== undefined) say(next);
  };
  const say = (message: string) => {
    next = message;
    if (timer !== undefined) return;
    next = undefined;
    show(message);
    timer = setTimeout(tick, INTERVAL);
  };
  return { say, end: () => clearTimeout(timer) };
};
