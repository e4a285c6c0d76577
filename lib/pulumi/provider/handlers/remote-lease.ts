import { codeOf, EndowError, fault } from "../../../errors";
import { fewAtOnce } from "../../../local/concurrency";
import { credentialsIn } from "../../../local/credentials";
import type { LocalEnvironment } from "../../../local/environment";
import type { RemoteServer } from "../../../local/remote/remote";
import { addressOf, forgetRemoteLease, makeRemoteLease, markOf, remoteFolderName } from "../../../local/remote/leases";
import { remoteOf } from "../../../local/remote";
import { inLockSession } from "../../../local/lock/lock-session";
import type { StepContext, Handler, ResourceState } from "../handler";
import { remoteLeaseInputs, type RemoteLeaseInputs, type RemoteLeaseOutputs } from "../schemas";
import { isNew, optionsOf, secretFieldsOf } from "./options";
import { isOther, newPlace, placeAt, refuseImport } from "./environment";
import { locate, type Located, locateHere } from "./locate";

type RemoteLeaseState = ResourceState<RemoteLeaseInputs, RemoteLeaseOutputs>;

/** One setting's share of a server that endow does not manage. Its id is the folder that holds its password. */
export const remoteLease: Handler<RemoteLeaseInputs, RemoteLeaseOutputs> = {
  inputs: remoteLeaseInputs,
  secretInputs: ["administrator"],
  secretOutputs: ({ server }) => secretFieldsOf(server.kind),

  replaces: (before, { environment, server = before.server, setting = before.setting, formerly = [] }) => [
    ...(isOther(before.environment, environment) ? ["environment" as const] : []),
    ...(server.kind !== before.server.kind || addressOf(server) !== addressOf(before.server) ? ["server" as const] : []),
    ...(isNew(before.setting, setting, formerly) ? ["setting" as const] : []),
  ],

  drifted: async (state) => {
    const { id, outputs } = state;
    const password = await credentialsIn(id).find(located(state).login);
    return Object.values(outputs).includes(password) ? [] : ["login"];
  },

  create: (inputs, context) => inLockSession(newPlace(inputs.environment), context, (environment) => make(environment, inputs, context)),

  read: async ({ id, inputs, outputs }) => {
    if (inputs === undefined || outputs === undefined) return refuseImport("a lease", id);
    located({ id, inputs, outputs });
    const isThere = await remoteOf(inputs.server.kind).isOpen(serverOf(inputs), markIn({ id, inputs, outputs }));
    return isThere ? { id, inputs, outputs } : undefined;
  },

  update: async (state, inputs, context) => {
    const { folder } = located(state, locateHere);
    const { owner } = state.outputs;
    return inLockSession(
      placeAt(state.inputs.environment, folder),
      context,
      async (environment) => (await make(environment, inputs, context, owner)).outputs,
    );
  },

  remove: async (state, context) => {
    const { id, inputs } = state;
    const { folder, login, isHere } = located(state);
    const server = serverOf(inputs);
    const { drop, disable } = remoteOf(inputs.server.kind);
    const take = () =>
      fewAtOnce(addressOf(server), () => (inputs.forceDestroy ? drop : disable)(server, markIn(state)), context.signal).catch(sayHowToGoOn);
    if (!isHere) return take();
    await inLockSession(placeAt(inputs.environment, folder), { ...context, removes: true }, async (environment) => {
      await take();
      if (inputs.forceDestroy) await forgetRemoteLease(environment, { server, login, folder: id });
      else context.tell(`its data stays on ${addressOf(server)} for the next \`pulumi up\``);
    });
  },
};

/** Also checks that the folder belongs to this login on this server. */
const located = (state: RemoteLeaseState, check = locate): Located => {
  const { login } = state.outputs;
  const { data: server } = remoteLeaseInputs.shape.server.safeParse(state.inputs.server);
  return check("RemoteLease", state, { login, name: server ? remoteFolderName(login, server) : "" });
};

const make = async (environment: LocalEnvironment, inputs: RemoteLeaseInputs, context: StepContext, owner?: string) => {
  const { setting, formerly, name, server } = inputs;
  const options = optionsOf(setting, server.kind, inputs.options);
  const request = { id: setting, formerly, setting, kind: server.kind, name, options, server: serverOf(inputs), owner };
  const lease = await makeRemoteLease(environment, request, context.warn);
  const outputs: RemoteLeaseOutputs = {
    ...lease.fields,
    folder: environment.folder,
    login: lease.login,
    owner: lease.owner,
  };
  return { id: lease.folder, outputs };
};

const serverOf = ({ server: { host, port, tls }, administrator }: RemoteLeaseInputs): RemoteServer => ({
  host,
  port,
  tls: { mode: tls.mode, ...(tls.ca !== undefined && { ca: tls.ca }) },
  administrator,
});

const markIn = ({ inputs, outputs: { owner } }: RemoteLeaseState): string => {
  const { project, name } = inputs.environment;
  return markOf({ environment: { project, environment: name }, owner, id: inputs.setting, server: serverOf(inputs) });
};

/** Adds a way out: a deleted server cannot disable a login, and the state lacks an administrator's password that was changed later. */
const sayHowToGoOn = (error: unknown): never => {
  const fix = ways[codeOf(error) ?? ""];
  if (fix === undefined || !(error instanceof EndowError)) throw error;
  const [problem] = error.problems;
  throw fault(error.code, problem?.message ?? error.message, `${fix}, keep the login: ${FORGET}`, problem?.path);
};

const FORGET = "`pulumi state delete <urn>`, with the URN from `pulumi stack --show-urns`";
const ADMINISTRATOR_CHANGED = "restore the setting, run `pulumi up` with the current administrator, and remove the setting again; or";

const ways: Readonly<Record<string, string>> = {
  SERVER_UNREACHABLE: "start the server and run this again; or, if the server no longer exists",
  PASSWORD_REFUSED: ADMINISTRATOR_CHANGED,
  LOGIN_REFUSED: ADMINISTRATOR_CHANGED,
  TLS_FAILED: ADMINISTRATOR_CHANGED,
  CA_UNREADABLE: ADMINISTRATOR_CHANGED,
};
