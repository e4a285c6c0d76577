import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Milliseconds between progress lines of one resource. */
const INTERVAL = 200;
/** Milliseconds that a step waits for the engine to accept a line. */
const DEADLINE = 2_000;

/** Log output of one resource's steps. */
export interface Voice {
  /** Shown beside the resource during the step. Rapid messages are throttled to the latest. */
  readonly progress: (message: string) => void;
  /** Shown, and kept in the engine's summary, as a warning. */
  readonly warn: (message: string) => void;
  /** Like `warn`, but for information. */
  readonly tell: (message: string) => void;
  /** Ends the step's output: waits until the engine has accepted all lines, or the deadline has passed. */
  readonly end: () => Promise<void>;
}

/** The engine that started this provider. */
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
      // A failure to log must not fail the step.
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

/** Shows the first message immediately, then the latest once per interval. */
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
