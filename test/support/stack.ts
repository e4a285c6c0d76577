import {
  type EngineEvent,
  LocalWorkspace,
  type OpMap,
  type OutputMap,
  type PreviewOptions,
  type PulumiFn,
  type RefreshOptions,
  type Stack,
  type UpOptions,
} from "@pulumi/pulumi/automation";
import { pulumi } from "./engine";
import { collectRejections, stopCollecting } from "./rejections";
import { makeSandbox, type Sandbox } from "./sandbox";

export interface StackRequest {
  /** What the stack is made of; `use` changes it. */
  readonly program: PulumiFn;
  /** @default "development" */
  readonly stackName?: string;
  /** @default "shop" */
  readonly projectName?: string;
  /** Milliseconds that its processes have to end by themselves. */
  readonly grace?: number;
  /** More variables for the engine and its providers. */
  readonly environmentVariables?: Readonly<Record<string, string>>;
}

/** A stack of its own for one test. Each step rejects as Pulumi does, with all that it printed. */
export interface TestStack extends Omit<Sandbox, "remove"> {
  /** For what is not below. */
  readonly stack: Stack;
  /** Puts another program in the place of the one before. */
  readonly use: (program: PulumiFn) => void;
  readonly up: (options?: UpOptions) => Promise<{ readonly changes: OpMap }>;
  /** What the stack's program has given, as the engine keeps it. */
  readonly outputs: () => Promise<OutputMap>;
  readonly preview: (options?: PreviewOptions) => Promise<OpMap>;
  /** Rejects when `up` would change anything. */
  readonly expectNoChanges: () => Promise<void>;
  readonly refresh: (options?: RefreshOptions) => Promise<OpMap>;
  /** Runs no program, as `pulumi destroy` does not. */
  readonly destroy: () => Promise<OpMap>;
  /** All that was printed so far. */
  readonly output: () => string;
  /** All that the engine reported so far, but for its debug messages. */
  readonly events: readonly EngineEvent[];
}

/**
 * Runs a test with a stack in a sandbox. Afterwards what is left of the stack is destroyed, and the test fails when a process outlives that.
 * One step at a time: a program runs in this process, and what Pulumi keeps of it is the process's own.
 */
export const withStack = async (request: StackRequest, test: (stack: TestStack) => Promise<void>): Promise<void> => {
  const { stackName = "development", projectName = "shop", environmentVariables } = request;
  const sandbox = makeSandbox(environmentVariables);
  try {
    const stack = await LocalWorkspace.createStack(
      { stackName, projectName, program: request.program },
      {
        workDir: sandbox.app,
        pulumiCommand: await pulumi(),
        envVars: { ...sandbox.environment },
        secretsProvider: "passphrase",
        projectSettings: { name: projectName, runtime: "nodejs" },
      },
    );
    const tested = testStack(quick(stack), sandbox, request.program);
    await test(tested);
    if (tested.mayHaveResources()) await tested.destroy();
    await sandbox.assertNothingRuns(request.grace);
  } finally {
    await sandbox.remove();
  }
};

/**
 * The SDK runs the CLI three more times after every step, to tell what changed and what the outputs are. The events have told the former already,
 * and few tests ask for the latter. Gives the stack with its outputs apart.
 */
const quick = (stack: Stack): { readonly stack: Stack; readonly outputs: () => Promise<OutputMap> } => {
  const outputs = stack.outputs.bind(stack);
  return { stack: Object.assign(stack, { info: async () => undefined, outputs: async () => ({}) }), outputs };
};

const testStack = (
  { stack, outputs }: ReturnType<typeof quick>,
  sandbox: Sandbox,
  first: PulumiFn,
): TestStack & { readonly mayHaveResources: () => boolean } => {
  let program = first;
  let used = false;
  let printed = "";
  const events: EngineEvent[] = [];
  const print = (text: string) => void (printed += text);
  const watched = {
    color: "never",
    onOutput: print,
    onError: print,
    onEvent: (event: EngineEvent) => {
      // What Pulumi's own SDK logs of its calls has every secret in it. It is shown by `--debug` alone.
      const severity: string | undefined = event.diagnosticEvent?.severity;
      if (severity !== "debug") events.push(event);
    },
  } as const;
  const preview = async (options: PreviewOptions = {}) =>
    (await withRejections(() => stack.preview({ ...watched, program, ...options }))).changeSummary;
  const changes = () => events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {};
  return {
    ...sandbox,
    stack,
    use: (next) => void (program = next),
    up: async (options = {}) => {
      used = true;
      await withRejections(() => stack.up({ ...watched, program, ...options }));
      return { changes: changes() };
    },
    outputs,
    preview,
    expectNoChanges: async () => void (await preview({ expectNoChanges: true, diff: true })),
    refresh: async (options = {}) => {
      await stack.refresh({ ...watched, ...options });
      return changes();
    },
    destroy: async () => {
      await stack.destroy(watched);
      used = false;
      return changes();
    },
    output: () => printed,
    events,
    mayHaveResources: () => used,
  };
};

/**
 * Runs a program's step. A resource that fails makes promises of the program reject that nobody awaits: they belong to a step that fails, and
 * make one fail that seems to succeed.
 */
const withRejections = async <T>(step: () => Promise<T>): Promise<T> => {
  const lost = collectRejections();
  try {
    const result = await step();
    if (lost.length > 0) throw lost[0];
    return result;
  } finally {
    stopCollecting(lost);
  }
};
