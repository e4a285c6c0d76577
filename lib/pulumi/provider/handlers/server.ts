import { existsSync } from "node:fs";
import { type EnvironmentState, serverIn } from "../../../local/state";
import type { RunningServer, LocalServerRequest } from "../../../local/server";
import { removeServer, startServer } from "../../../local/servers";
import { inLockSession } from "../../../local/lock/lock-session";
import { statusOf } from "../../../supervisor/client";
import type { ServiceState } from "../../../supervisor/service";
import type { Handler } from "../handler";
import { serverInputs, type ServerInputs, type ServerOutputs } from "../schemas";
import { assertInPlace, environmentInputOf, isInPlace, isOther, newPlace, placeAt, recordIn, warnIfMoved } from "./environment";
import { locate, type Located, locateHere } from "./locate";

/** A running server. Its id is its folder, which keeps its name when the server is renamed. */
export const server: Handler<ServerInputs, ServerOutputs> = {
  inputs: serverInputs,
  secretInputs: [],
  secretOutputs: () => [],

  replaces: (before, { environment, name = before.name, formerly = [] }) => [
    ...(isOther(before.environment, environment) ? ["environment" as const] : []),
    ...(name !== before.name && !formerly.includes(before.name) ? ["name" as const] : []),
  ],

  drifted: async (state) => (runs(await serviceAt(locate("Server", state))) ? [] : ["running"]),

  create: (inputs, context) =>
    inLockSession(newPlace(inputs.environment), context, async (environment) => {
      const running = await startServer(environment, requestOf(inputs), context, { rollback: true });
      return { id: running.server.folder, outputs: outputsOf(environment.folder, running) };
    }),

  read: async ({ id, inputs, outputs }) => {
    const located = locate("Server", { id, inputs, outputs });
    const { folder, name: localName } = located;
    const state = await recordIn(folder);
    const port = state && serverIn(state, localName)?.port;
    if (state === undefined || port === undefined || !existsSync(id)) return undefined;
    if (inputs && !isInPlace(state, inputs, localName)) return undefined;
    const service = await serviceAt(located);
    const now = { folder, host: "127.0.0.1", port, running: runs(service) };
    const found = { actualVersion: service?.labels?.["version"] ?? outputs?.actualVersion ?? "unknown", source: "unknown" };
    return { id, inputs: inputs ?? inputsOf(localName, state), outputs: { ...found, ...outputs, ...now } };
  },

  update: async (state, inputs, context) => {
    const { folder, name: localName } = locateHere("Server", state);
    warnIfMoved(state.inputs.environment, inputs.environment, folder, context);
    return inLockSession(placeAt(state.inputs.environment, folder), context, async (environment) => {
      assertInPlace(await environment.state(), inputs, localName);
      const request = { ...requestOf(inputs), localName };
      return outputsOf(environment.folder, await startServer(environment, request, context, { rollback: true }));
    });
  },

  remove: async (state, context) => {
    const { folder, name: localName, isHere } = locate("Server", state);
    if (!isHere) return;
    const { id, inputs } = state;
    await inLockSession(placeAt(inputs.environment, folder), { ...context, removes: true }, async (environment) => {
      const recorded = serverIn(await environment.state(), localName);
      // Another resource has adopted it under its new name.
      if (recorded !== undefined && recorded.name !== inputs.name) return;
      await removeServer(environment, localName, { removeData: inputs.forceDestroy && recorded !== undefined, signal: context.signal });
      if (!inputs.forceDestroy) context.tell(`its data stays in ${id} for the next \`pulumi up\`; \`endow dev --down\` deletes it`);
    });
  },
};

const requestOf = ({ serverId, ...inputs }: ServerInputs): LocalServerRequest => ({ ...inputs, id: serverId });

const outputsOf = (folder: string, { port, program }: RunningServer): ServerOutputs => ({
  folder,
  host: "127.0.0.1",
  port,
  actualVersion: program.version,
  source: program.source,
  running: true,
});

const serviceAt = async ({ folder, name: localName, isHere }: Located): Promise<ServiceState | undefined> =>
  isHere ? (await statusOf(folder)).services.find(({ name }) => name === localName) : undefined;

/** Whether the server is running or about to be restarted. */
const runs = (service: ServiceState | undefined): boolean => service?.status === "running" || service?.status === "restarting";

/** Reconstructs the inputs of a server that is known only by its folder. */
const inputsOf = (localName: string, state: EnvironmentState): ServerInputs => {
  const { name = localName, kind = "", id, version } = serverIn(state, localName) ?? {};
  return {
    environment: environmentInputOf(state),
    name,
    kind,
    ...(id !== undefined && { serverId: id }),
    ...(version !== undefined && { version }),
    formerly: [],
    forceDestroy: false,
  };
};
