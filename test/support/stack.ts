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
  /** The stack's program; `use` replaces it. */
  readonly program: PulumiFn;
  /** @default "development" */
  readonly stackName?: string;
  /** @default "shop" */
  readonly projectName?: string;
  /** Milliseconds that its processes have to exit. */
  readonly grace?: number;
  /** Additional variables for the engine and its providers. */
  readonly environmentVariables?: Readonly<Record<string, string>>;
}

/** A separate stack for one test. Each step rejects like Pulumi, with all its output. */
export interface TestStack extends Omit<Sandbox, "remove"> {
  /** For operations not listed below. */
  readonly stack: Stack;
  /** Replaces the program. */
  readonly use: (program: PulumiFn) => void;
  readonly up: (options?: UpOptions) => Promise<{ readonly changes: OpMap }>;
  /** The stack's outputs in the engine's state. */
  readonly outputs: () => Promise<OutputMap>;
  readonly preview: (options?: PreviewOptions) => Promise<OpMap>;
  /** Rejects if `up` would change anything. */
  readonly expectNoChanges: () => Promise<void>;
  readonly refresh: (options?: RefreshOptions) => Promise<OpMap>;
  /** Like `pulumi destroy`, does not run the program. */
  readonly destroy: () => Promise<OpMap>;
  /** All output so far. */
  readonly output: () => string;
  /** All engine events so far, except debug messages. */
  readonly events: readonly EngineEvent[];
}

/**
 * Runs a test with a stack in a sandbox. Destroys the stack afterwards, and fails the test if a process is left.
 * Run one step at a time: programs run in this process, and Pulumi's runtime state is global to it.
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
 * The SDK runs the CLI three more times after every step to report changes and outputs. The events already contain the changes, and few
 * tests need the outputs. Returns the stack and a separate function for its outputs.
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
      // Pulumi's SDK logs its calls with all secrets, but only with `--debug`.
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
 * Runs a program's step. A failed resource causes unhandled rejections in the program: they are expected if the step fails, and otherwise
 * make it fail.
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
