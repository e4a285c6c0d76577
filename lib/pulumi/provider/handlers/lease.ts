import path from "node:path";
import { credentialsIn } from "../../../local/credentials";
import type { LocalEnvironment } from "../../../local/environment";
import { dropLease, makeLease, movedNotes, shutOut, type LocalLeaseRequest } from "../../../local/leases";
import type { LeaseState } from "../../../local/state";
import { ensureServer, runningServer } from "../../../local/servers";
import { inLockSession } from "../../../local/lock/lock-session";
import type { Context, Handler } from "../handler";
import { leaseInputs, type LeaseInputs, type LeaseOutputs } from "../schemas";
import { isNew, optionsOf, secretFieldsOf } from "./options";
import { isOther, newPlace, placeAt, recordIn, refuseImport } from "./environment";
import { locate, type Located, locateHere } from "./locate";

/** What one setting has on a server. Its id is the folder of the server and the name of the login. */
export const lease: Handler<LeaseInputs, LeaseOutputs> = {
  inputs: leaseInputs,
  secretInputs: [],
  secretOutputs: ({ server }) => secretFieldsOf(server.kind),

  replaces: (before, { environment, server = before.server, setting = before.setting, formerly = [] }) => [
    ...(isOther(before.environment, environment) ? ["environment" as const] : []),
    ...(isNew(before.server.name, server.name, server.formerly) ? ["server" as const] : []),
    ...(isNew(before.setting, setting, formerly) ? ["setting" as const] : []),
  ],

  drifted: async (state) => {
    const { id, inputs, outputs } = state;
    const located = locate("Lease", state, { login: outputs.login });
    const { record, found } = await recorded(located, inputs.setting);
    const password = await credentialsIn(path.dirname(id)).find(located.login);
    const holds = found !== undefined && Object.values(outputs).includes(password) && record?.ports[found.server] === outputs.serverPort;
    return holds ? [] : ["login"];
  },

  create: (inputs, context) =>
    inLockSession(newPlace(inputs.environment), context, async (environment) => {
      const { server, outputs } = await make(environment, inputs, context);
      return { id: path.join(server, outputs.login), outputs };
    }),

  read: async ({ id, inputs, outputs }) => {
    if (inputs === undefined || outputs === undefined) return refuseImport("a lease", id);
    const { found } = await recorded(locate("Lease", { id, inputs, outputs }, { login: outputs.login }), inputs.setting);
    return found && { id, inputs, outputs };
  },

  update: async (state, inputs, context) => {
    const { folder, name } = locateHere("Lease", state, { login: state.outputs.login });
    return inLockSession(placeAt(state.inputs.environment, folder), context, async (environment) => {
      const { outputs } = await make(environment, inputs, context, name);
      return outputs;
    });
  },

  remove: async (state, context) => {
    const { inputs, outputs } = state;
    const located = locate("Lease", state, { login: outputs.login });
    const { folder, isHere } = located;
    if (!isHere) return;
    await inLockSession(placeAt(inputs.environment, folder), { ...context, removes: true }, async (environment) => {
      const found = find((await environment.record()).leases, located, inputs.setting);
      if (found === undefined) return;
      const server = await runningServer(environment, found.server, context);
      if (server && inputs.forceDestroy) await dropLease(environment, found, server);
      else await shutOut(environment, found, server);
    });
  },
};

const make = async (environment: LocalEnvironment, inputs: LeaseInputs, context: Context, here?: string) => {
  const { setting, formerly, name, server: wanted } = inputs;
  const options = optionsOf(setting, wanted.kind, inputs.options);
  const running = await ensureServer(environment, { ...wanted, ...(here !== undefined && { localName: here }) }, context);
  const resource: LocalLeaseRequest = { id: setting, formerly, setting, kind: wanted.kind, server: running.name, name, options };
  for (const note of movedNotes(await environment.record(), [resource])) context.warn(note);
  const { login, fields } = await makeLease(environment, running, resource);
  const outputs: LeaseOutputs = { ...fields, folder: environment.folder, login, serverPort: running.port };
  return { server: running.server.folder, outputs };
};

const recorded = async (located: Located, setting: string) => {
  const record = await recordIn(located.folder);
  return { record, found: find(record?.leases ?? [], located, setting, false) };
};

/** One that another setting has taken over under its own id is not found. */
const find = (leases: readonly LeaseState[], { name, login }: Located, setting: string, disabled?: boolean): LeaseState | undefined =>
  leases.find(
    (each) => each.id === setting && each.server === name && each.name === login && (disabled === undefined || each.disabled === disabled),
  );
