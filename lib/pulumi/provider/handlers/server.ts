import { existsSync } from "node:fs";
import { provisioned } from "../../../kinds";
import type { EnvironmentState } from "../../../local/state";
import type { RunningServer } from "../../../local/server";
import { removeServer, startServerWhole } from "../../../local/servers";
import { inLockSession } from "../../../local/lock/lock-session";
import { statusOf } from "../../../supervisor/client";
import type { ServiceState } from "../../../supervisor/service";
import type { Handler } from "../handler";
import { serverInputs, type ServerInputs, type ServerOutputs } from "../schemas";
import { environmentInputOf, isOther, newPlace, placeAt, recordIn } from "./environment";
import { locate, type Located, locateHere } from "./locate";

/** A server that runs. Its id is its folder, which keeps its name when the server gets another one. */
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
      const running = await startServerWhole(environment, inputs, context);
      return { id: running.server.folder, outputs: outputsOf(environment.folder, running) };
    }),

  read: async ({ id, inputs, outputs }) => {
    const located = locate("Server", { id, inputs, outputs });
    const { folder, name: here } = located;
    const record = await recordIn(folder);
    const port = record?.ports[here];
    if (record === undefined || port === undefined || !existsSync(id)) return undefined;
    const service = await serviceAt(located);
    const now = { folder, host: "127.0.0.1", port, running: runs(service) };
    const found = { actualVersion: service?.labels?.["version"] ?? outputs?.actualVersion ?? "unknown", source: "unknown" };
    return { id, inputs: inputs ?? inputsOf(here, record), outputs: { ...found, ...outputs, ...now } };
  },

  update: async (state, inputs, context) => {
    const { folder, name: localName } = locateHere("Server", state);
    return inLockSession(placeAt(state.inputs.environment, folder), context, async (environment) => {
      const running = await startServerWhole(environment, { ...inputs, localName }, context);
      return outputsOf(environment.folder, running);
    });
  },

  remove: async (state, context) => {
    const { folder, name: here, isHere } = locate("Server", state);
    if (!isHere) return;
    const { id, inputs } = state;
    await inLockSession(placeAt(inputs.environment, folder), { ...context, removes: true }, async (environment) => {
      const planned = (await environment.record()).names[here];
      // Another resource has taken it over under the name that it has now.
      if (planned !== undefined && planned !== inputs.name) return;
      await removeServer(environment, here, { removeData: inputs.forceDestroy, signal: context.signal });
      if (!inputs.forceDestroy) context.tell(`its data stays in ${id}, for the next \`pulumi up\`; \`endow dev --down\` deletes it`);
    });
  },
};

const outputsOf = (folder: string, { port, program }: RunningServer): ServerOutputs => ({
  folder,
  host: "127.0.0.1",
  port,
  actualVersion: program.version,
  source: program.source,
  running: true,
});

const serviceAt = async ({ folder, name: here, isHere }: Located): Promise<ServiceState | undefined> =>
  isHere ? (await statusOf(folder)).services.find(({ name }) => name === here) : undefined;

/** Whether it runs, or will by itself. */
const runs = (service: ServiceState | undefined): boolean => service?.status === "running" || service?.status === "restarting";

/** What the plan would say of a server that nothing but its folder is known of. */
const inputsOf = (here: string, record: EnvironmentState): ServerInputs => {
  const name = record.names[here] ?? here;
  const kind = Object.keys(provisioned).find((each) => `${name}-`.startsWith(`${each}-`)) ?? "";
  const rest = name.slice(kind.length + 1);
  return {
    environment: environmentInputOf(record),
    name,
    kind,
    ...(/^\d/.test(rest) && { version: rest }),
    formerly: [],
    forceDestroy: false,
  };
};
