import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { downFolder } from "../../lib/local/down";
import { environmentFolder, stateHome } from "../../lib/local/folder";
import type { StepContext, Handler, ResourceState } from "../../lib/pulumi/provider/handler";
import { temporaryFolder } from "./local-server";
import { withEnvironment } from "./with-environment";

/** An app's folder with its own state, and the operations that the engine would run on its resources. */
export interface LocalStack {
  readonly root: string;
  readonly environment: { readonly project: string; readonly root: string; readonly name: string };
  /** The environment's folder. */
  readonly folder: () => string;
  /** Messages of the provider so far. */
  readonly warnings: string[];
  readonly context: StepContext;
  /** Like `context`, with the caller's signal. */
  readonly endedBy: (signal: AbortSignal) => StepContext;
  /** Stops everything that was started, and deletes the folder. */
  readonly clean: () => Promise<void>;
}

export const makeStack = async (name: string): Promise<LocalStack> => {
  const { folder, remove } = await temporaryFolder(name);
  const restore = withEnvironment({ XDG_STATE_HOME: path.join(folder, "state") });
  const root = path.join(folder, "an app's folder");
  await mkdir(root);
  const environment = { project: "stack-test", root, name: "development" };
  const warnings: string[] = [];
  const context: StepContext = {
    signal: new AbortController().signal,
    progress: () => undefined,
    warn: (text) => void warnings.push(text),
    tell: () => undefined,
  };
  const own = environmentFolder(environment, environment.name);
  return {
    root,
    environment,
    folder: () => own,
    warnings,
    context,
    endedBy: (signal) => ({ ...context, signal }),
    clean: async () => {
      for (const each of await environments()) await downFolder(each, { removeData: true });
      restore();
      await remove();
    },
  };
};

const environments = async (): Promise<string[]> => {
  if (!existsSync(stateHome())) return [];
  const apps = await readdir(stateHome());
  return (
    await Promise.all(
      apps.map((app) => readdir(path.join(stateHome(), app)).then((all) => all.map((one) => path.join(stateHome(), app, one)))),
    )
  ).flat();
};

/** Inputs of a program, with defaults applied. */
export const checked = <I extends object>({ inputs: shape }: Pick<Handler<I>, "inputs">, given: object): I => shape.parse(given);

/** Creates a resource, and returns it as in the engine's state. */
export const created = async <I extends object, O extends object>(
  handler: Handler<I, O>,
  given: object,
  context: StepContext,
): Promise<ResourceState<I, O>> => {
  const inputs = checked(handler as Pick<Handler<I>, "inputs">, given);
  return { inputs, ...(await handler.create(inputs, context)) };
};

/** Updates a resource. */
export const updated = async <I extends object, O extends object>(
  handler: Handler<I, O>,
  state: ResourceState<I, O>,
  given: object,
  context: StepContext,
): Promise<ResourceState<I, O>> => {
  const inputs = checked(handler as Pick<Handler<I>, "inputs">, { ...state.inputs, ...given });
  return { id: state.id, inputs, outputs: await handler.update(state, inputs, context) };
};
