import { setTimeout as pause } from "node:timers/promises";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { runtime, secret } from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import {
  RegisterResourceResponse,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { answers } from "./mock-provider";
import { recordOf, urnOf, valueOf, type Properties, type Recorded } from "./mock-resource";
import { collectRejections, stopCollecting } from "./rejections";

export interface MockEngineOptions {
  /** Outputs of a resource, besides its inputs, and its id; `undefined` for the defaults. May throw, like a failing provider. */
  readonly newResource?: (resource: Recorded) => Answer | undefined | Promise<Answer | undefined>;
  /** Result of a provider's function. @default - its arguments */
  readonly call?: (token: string, inputs: Properties) => Properties;
  /** Whether this is a preview, in which ids and provider outputs are unknown. @default false */
  readonly preview?: boolean;
  /** The stack's plain configuration; a key without a colon belongs to the project. */
  readonly config?: Readonly<Record<string, string>>;
  /** The same for encrypted configuration. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** @default "development" */
  readonly stack?: string;
  /** @default "shop" */
  readonly project?: string;
}

/** A provider's result for a resource. A value inside `pulumi.secret(...)` is secret. */
export interface Answer {
  readonly id?: string;
  readonly outputs?: Properties;
}

export interface MockEngine {
  /** In registration order. */
  readonly resources: readonly Recorded[];
  /** The only resource of this type and name. Throws with a list of the existing ones if there is none or several. */
  readonly find: (type: string, name: string) => Recorded;
  /** Waits until registrations have stopped. Rejects with the first error that the program or a provider has thrown. */
  readonly settle: () => Promise<void>;
}

/** The parts of Pulumi's mock engine that are changed here. */
type Monitor = Pick<MockMonitor, "resources"> & {
  registerResource: (request: RegisterResourceRequest, respond: Respond<RegisterResourceResponse>) => Promise<void>;
  registerResourceOutputs: (request: RegisterResourceOutputsRequest, respond: Respond<object>) => void;
};
type Respond<T> = (error: Error | null, response?: T) => void;

/**
 * Starts a deployment in this process without an engine or a provider, and records all registrations. Forgets earlier registrations.
 * Every test must call `settle()`.
 */
export const mockEngine = async (options: MockEngineOptions = {}): Promise<MockEngine> => {
  const { preview = false, stack = "development", project = "shop" } = options;
  const resources: Recorded[] = [];
  const call = ({ token, inputs }: { token: string; inputs: Properties }) => options.call?.(token, inputs) ?? inputs;
  const newResource = () => {
    throw new Error("mockEngine does not support reading a resource");
  };
  await runtime.setMocks({ call, newResource }, project, stack, preview);
  configure(project, options);
  record(runtime.getMonitor() as unknown as Monitor, resources, options);
  const settle = async () => {
    await Promise.race([quiet(resources), failure(lost)]);
    stopCollecting(lost);
    if (lost.length === 0) return;
    forgetPromises();
    throw lost[0];
  };
  const lost = collectRejections(settle);
  return { resources, find: (type, name) => find(resources, type, name), settle };
};

const configure = (project: string, { config = {}, secrets = {} }: MockEngineOptions): void => {
  const named = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]));
  const encrypted = named(secrets);
  runtime.setAllConfig({ ...named(config), ...encrypted }, Object.keys(encrypted));
};

const record = (monitor: Monitor, resources: Recorded[], options: MockEngineOptions): void => {
  const register = async (request: RegisterResourceRequest): Promise<RegisterResourceResponse> => {
    const urn = urnOf(request, runtime.getStack(), runtime.getProject());
    if (resources.some((resource) => resource.urn === urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    const resource = recordOf(request, urn);
    resources.push(resource);
    const { id = "", outputs } = await answerOf(resource, options);
    const secretOutputs = resource.secretOutputs.filter((name) => outputs[name] !== undefined);
    const marked = { ...outputs, ...Object.fromEntries(secretOutputs.map((name) => [name, secret(outputs[name])])) };
    // Secret and unknown values are returned unchanged.
    const state = { ...request.getObject()?.toJavaScript(), ...(await runtime.serializeProperties(urn, marked)) };
    monitor.resources.set(urn, { urn, id, state });
    return new RegisterResourceResponse().setUrn(urn).setId(id).setObject(Struct.fromJavaScript(state));
  };
  monitor.registerResource = (request, respond) => register(request).then((response) => respond(null, response), respond);

  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, respond) => {
    const resource = resources.find(({ urn }) => urn === request.getUrn());
    Object.assign(resource?.outputs ?? {}, valueOf(request.getOutputs()?.toJavaScript() ?? {}));
    registerOutputs(request, respond);
  };
};

const answerOf = async (resource: Recorded, options: MockEngineOptions): Promise<Required<Pick<Answer, "outputs">> & Answer> => {
  const given = await options.newResource?.(resource);
  if (!resource.custom) return { outputs: {}, ...given };
  const { preview = false } = options;
  const isBuiltIn = resource.type.startsWith("pulumi:");
  const invented = preview && !isBuiltIn ? {} : answers[resource.type]?.(resource.inputs as never, resource.secretInputs);
  return { ...(!preview && { id: `${resource.name}-id` }), outputs: { ...invented }, ...given };
};

const find = (resources: readonly Recorded[], type: string, name: string): Recorded => {
  const found = resources.filter((resource) => resource.type === type && resource.name === name);
  if (found[0] && found.length === 1) return found[0];
  const all = resources.map((resource) => `${resource.type} ${resource.name}`).join("\n  ");
  throw new Error(`${found.length} resources of type ${type} are named ${name}; registered:\n  ${all}`);
};

/** A registration may cause others through `apply`. */
const quiet = async (resources: readonly Recorded[]): Promise<void> => {
  let before = -1;
  while (before !== resources.length) {
    before = resources.length;
    await runtime.disconnect();
    await turn();
  }
  await turn();
};

/** Promises that depend on a failed one stay pending forever. */
const failure = async (lost: readonly unknown[]): Promise<void> => {
  do await pause(50, undefined, { ref: false });
  while (lost.length === 0);
};

/** Otherwise Pulumi exits with an error about pending promises. */
const forgetPromises = (): void => void (debuggable as unknown as { readonly leakedPromises: () => unknown }).leakedPromises();

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
