import path from "node:path";
import { fault } from "../../../errors";
import { leaseNameIn, type LocalLeaseRequest } from "../../../local/assign";
import { credentialsIn } from "../../../local/credentials";
import type { LocalEnvironment } from "../../../local/environment";
import { dropLease, makeLease, shutOut } from "../../../local/leases";
import { recipeOf } from "../../../local/recipes";
import { type EnvironmentState, leasesIn, type PlacedLease, serverIn } from "../../../local/state";
import { runningServer, startServer } from "../../../local/servers";
import { inLockSession } from "../../../local/lock/lock-session";
import type { StepContext, Handler } from "../handler";
import { leaseInputs, type LeaseInputs, type LeaseOutputs } from "../schemas";
import { isNew, optionsOf, secretFieldsOf } from "./options";
import { assertInPlace, isOther, MAKE_AGAIN, newPlace, placeAt, recordIn, refuseImport } from "./environment";
import { locate, type Located, locateHere } from "./locate";

/** One setting's share of a server. Its id is the server's folder plus the login's name. */
export const lease: Handler<LeaseInputs, LeaseOutputs> = {
  inputs: leaseInputs,
  secretInputs: [],
  secretOutputs: ({ server }) => secretFieldsOf(server.kind),

  replaces: (before, { environment, server = before.server, setting = before.setting, formerly = [] }) => [
    ...(isOther(before.environment, environment) ? ["environment" as const] : []),
    ...(isNew(before.server.name, server.name, server.formerly) ? ["server" as const] : []),
    ...(isNew(before.setting, setting, formerly) ? ["setting" as const] : []),
  ],

  drifted: async (resource) => {
    const { id, inputs, outputs } = resource;
    const located = locate("Lease", resource, { login: outputs.login });
    const { state, found } = await recorded(located, inputs.setting);
    const login = recipeOf(inputs.server.kind).credentialOf?.(located.login, inputs.options) ?? located.login;
    const password = await credentialsIn(path.dirname(id)).find(login);
    const port = state && found && serverIn(state, found.server)?.port;
    return Object.values(outputs).includes(password) && port === outputs.serverPort ? [] : ["login"];
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

  update: async (resource, inputs, context) => {
    const located = locateHere("Lease", resource, { login: resource.outputs.login });
    return inLockSession(placeAt(resource.inputs.environment, located.folder), context, async (environment) => {
      const known = { localName: located.name, login: located.login };
      const state = await environment.state();
      assertInPlace(state, inputs.server, known.localName);
      assertOwnLogin(state, inputs, known);
      return (await make(environment, inputs, context, known)).outputs;
    });
  },

  remove: async (resource, context) => {
    const { inputs, outputs } = resource;
    const located = locate("Lease", resource, { login: outputs.login });
    if (!located.isHere) return;
    await inLockSession(placeAt(inputs.environment, located.folder), { ...context, removes: true }, async (environment) => {
      const leases = leasesOf(await environment.state(), located, inputs.setting);
      const server = await runningServer(environment, located.name, context);
      const dropped = server && inputs.forceDestroy ? leases.filter(({ data }) => data === server.data) : [];
      if (server) for (const each of dropped) await dropLease(environment, each, server);
      const left = leases.filter((each) => !dropped.includes(each));
      await shutOutAll(environment, left, context);
      if (inputs.forceDestroy && left.length > 0)
        context.tell(
          `data that the server was not running on stays in ${path.dirname(resource.id)}: the server's forceDestroy deletes all of it`,
        );
    });
  },
};

/** What the resource recorded, in case the environment's state has lost it. */
interface Known {
  readonly localName: string;
  readonly login: string;
}

const requestOf = ({ setting, formerly, name, server: { kind }, options }: LeaseInputs, login: string | undefined): LocalLeaseRequest => ({
  id: setting,
  formerly,
  setting,
  kind,
  name,
  options,
  login,
});

/** @throws EndowError `LEASE_ELSEWHERE` */
const assertOwnLogin = (state: EnvironmentState, inputs: LeaseInputs, { localName, login }: Known): void => {
  const name = leaseNameIn(state, localName, requestOf(inputs, login));
  if (name === login) return;
  throw fault(
    "LEASE_ELSEWHERE",
    `${login} on ${inputs.server.name}, which this resource recorded, now holds data of another setting than ${inputs.setting}: nothing was changed`,
    MAKE_AGAIN,
    inputs.setting,
  );
};

const make = async (environment: LocalEnvironment, inputs: LeaseInputs, context: StepContext, known?: Known) => {
  const { setting, server } = inputs;
  const options = optionsOf(setting, server.kind, inputs.options);
  const running = await startServer(environment, { ...server, id: server.serverId, ...known }, context, { rollback: true, reuse: true });
  const { login, fields } = await makeLease(environment, running, { ...requestOf(inputs, known?.login), options }, context.warn);
  const outputs: LeaseOutputs = { ...fields, folder: environment.folder, login, serverPort: running.port };
  return { server: running.server.folder, outputs };
};

const recorded = async (located: Located, setting: string) => {
  const state = await recordIn(located.folder);
  const found = state && leasesOf(state, located, setting).find(({ disabled }) => !disabled);
  return { state, found };
};

/** The resource's leases, one per server version's data. Excludes those that another setting has adopted under its own id. */
const leasesOf = (state: EnvironmentState, { name, login }: Located, setting: string): readonly PlacedLease[] =>
  leasesIn(state).filter((each) => each.id === setting && each.server === name && each.name === login);

const shutOutAll = async (environment: LocalEnvironment, leases: readonly PlacedLease[], context: StepContext): Promise<void> => {
  for (const each of leases) await shutOut(environment, each, await runningServer(environment, each.server, context));
};
