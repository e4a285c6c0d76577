import { existsSync } from "node:fs";
import type { LocalEnvironment } from "../../../local/environment";
import { processFolder, processLog, removeProcess, serviceOf, startProcess } from "../../../local/process";
import { inLockSession } from "../../../local/lock/lock-session";
import { statusOf } from "../../../supervisor/client";
import type { StepContext, Handler } from "../handler";
import { processInputs, type ProcessInputs, type ProcessOutputs } from "../schemas";
import { isOther, newPlace, placeAt, refuseImport } from "./environment";
import { locate, type Located, locateHere } from "./locate";

/** A running app. Its id is its state folder, which is not its working folder. */
export const process: Handler<ProcessInputs, ProcessOutputs> = {
  inputs: processInputs,
  secretInputs: ["variables"],
  secretOutputs: () => [],

  replaces: (before, { environment, name = before.name }) => [
    ...(isOther(before.environment, environment) ? ["environment" as const] : []),
    ...(name !== before.name ? ["name" as const] : []),
  ],
  deleteBeforeReplace: true,

  drifted: async (state) => ((await isRunning(locate("Process", state, { name: state.inputs.name }))) ? [] : ["running"]),

  create: (inputs, context) =>
    inLockSession(newPlace(inputs.environment), context, async (environment) => {
      const outputs = await run(environment, inputs, context);
      return { id: processFolder(environment.folder, inputs.name), outputs };
    }),

  read: async ({ id, inputs, outputs }) => {
    if (inputs === undefined || outputs === undefined) return refuseImport("a process", id);
    const located = locate("Process", { id, inputs, outputs }, { name: inputs.name });
    if (!existsSync(id)) return undefined;
    return { id, inputs, outputs: { ...outputs, running: await isRunning(located) } };
  },

  update: async (state, inputs, context) => {
    const { folder } = locateHere("Process", state, { name: state.inputs.name });
    return inLockSession(placeAt(state.inputs.environment, folder), context, (environment) => run(environment, inputs, context));
  },

  remove: async (state, context) => {
    const { folder, name, isHere } = locate("Process", state, { name: state.inputs.name });
    if (!isHere) return;
    await inLockSession(placeAt(state.inputs.environment, folder), { ...context, removes: true }, (environment) =>
      removeProcess(environment, name, context.signal),
    );
  },
};

const run = async (environment: LocalEnvironment, inputs: ProcessInputs, context: StepContext): Promise<ProcessOutputs> => {
  await environment.change();
  await startProcess(environment, inputs, context);
  const { name, port } = inputs;
  return {
    folder: environment.folder,
    ...(port !== undefined && { url: `http://127.0.0.1:${port}` }),
    log: processLog(environment.folder, name),
    running: true,
  };
};

/** Whether the app is running or about to be restarted. */
const isRunning = async ({ folder, name: app, isHere }: Located): Promise<boolean> => {
  if (!isHere) return false;
  const { services } = await statusOf(folder);
  const service = services.find(({ name }) => name === serviceOf(app));
  return service?.status === "running" || service?.status === "restarting";
};
