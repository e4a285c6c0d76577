import {
  type CheckRequest,
  CheckFailure,
  CheckResponse,
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  DiffResponse,
  PropertyDiff,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { checkInputs } from "./check";
import { type Change, changedInputs } from "./diff";
import type { AnyHandler } from "./handlers";
import type { StepContext, ResourceState } from "./handler";
import { holdsUnknown, type Properties, receive, type Received, send, UNKNOWN } from "./marshal";

/** Outputs that an update never changes: a preview does not show their dependents as changed. */
const STABLE = ["folder", "host"];

/**
 * Checks the program's inputs, fills in the defaults and marks the handler's secret inputs. A failure's path is part of its
 * reason: if the failure named the property, the engine would print its value.
 */
export const check = async (handler: AnyHandler, request: CheckRequest): Promise<CheckResponse> => {
  const { properties, secrets } = receive(request.getNews());
  const { inputs, failures } = checkInputs(handler.inputs, properties);
  return new CheckResponse()
    .setInputs(send({ properties: inputs, secrets: union(secrets, handler.secretInputs) }))
    .setFailuresList(failures.map(({ property, reason }) => new CheckFailure().setReason(`${property}: ${reason}`)));
};

/** Computes what an update would change. Starts nothing. */
export const diff = async (handler: AnyHandler, request: DiffRequest): Promise<DiffResponse> => {
  const [before, state, news] = [receive(request.getOldInputs()), receive(request.getOlds()), receive(request.getNews())];
  const changes = changedInputs(before.properties, state.secrets, news);
  const known = Object.fromEntries(Object.entries(news.properties).filter(([, value]) => !holdsUnknown(value)));
  const replaces = changes.size === 0 ? [] : handler.replaces(before.properties, known);
  const drifted = (await handler.drifted?.(stateOf(request.getId(), before, state))) ?? [];
  const response = new DiffResponse()
    .setChanges(changes.size + drifted.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE)
    .setDiffsList([...changes.keys(), ...drifted])
    .setReplacesList([...replaces])
    .setStablesList(replaces.length > 0 ? [] : STABLE)
    .setDeletebeforereplace(handler.deleteBeforeReplace ?? false)
    .setHasdetaileddiff(true);
  const details = response.getDetaileddiffMap();
  for (const name of drifted) details.set(name, new PropertyDiff().setKind(PropertyDiff.Kind.UPDATE));
  for (const [name, change] of changes)
    details.set(name, new PropertyDiff().setKind(kinds[change][replaces.includes(name) ? 1 : 0]).setInputdiff(true));
  return response;
};

/** Creates the resource. A preview creates nothing: outputs are unknown until the deploy, and already marked secret. */
export const create = async (handler: AnyHandler, request: CreateRequest, context: StepContext): Promise<CreateResponse> => {
  const inputs = receive(request.getProperties());
  if (request.getPreview()) return new CreateResponse().setProperties(sendState(handler, inputs, unknownSecrets(handler, inputs)));
  const { id, outputs } = await handler.create(inputs.properties, context);
  return new CreateResponse().setId(id).setProperties(sendState(handler, inputs, outputs));
};

/** Reads the current state of the resource; an empty id means that it is gone. */
export const read = async (handler: AnyHandler, request: ReadRequest): Promise<ReadResponse> => {
  const [inputs, state] = [receive(request.getInputs()), receive(request.getProperties())];
  const found = await handler.read({
    id: request.getId(),
    ...(!isEmpty(inputs.properties) && { inputs: inputs.properties }),
    ...(!isEmpty(state.properties) && { outputs: state.properties }),
  });
  if (found === undefined) return new ReadResponse();
  const current = { properties: found.inputs, secrets: union(inputs.secrets, state.secrets, handler.secretInputs) };
  return new ReadResponse()
    .setId(found.id)
    .setInputs(send(current))
    .setProperties(sendState(handler, current, found.outputs));
};

/** Updates the resource. A preview changes nothing: all outputs are unknown except the stable ones. */
export const update = async (handler: AnyHandler, request: UpdateRequest, context: StepContext): Promise<UpdateResponse> => {
  const [before, state, news] = [receive(request.getOldInputs()), receive(request.getOlds()), receive(request.getNews())];
  const outputs = request.getPreview()
    ? { ...unknownUnlessStable(state.properties, before.properties), ...unknownSecrets(handler, news) }
    : await handler.update(stateOf(request.getId(), before, state), news.properties, context);
  return new UpdateResponse().setProperties(sendState(handler, news, outputs));
};

export const remove = async (handler: AnyHandler, request: DeleteRequest, context: StepContext): Promise<Empty> => {
  await handler.remove(stateOf(request.getId(), receive(request.getOldInputs()), receive(request.getProperties())), context);
  return new Empty();
};

const kinds: Readonly<Record<Change, readonly [update: PropertyDiff.Kind, replace: PropertyDiff.Kind]>> = {
  add: [PropertyDiff.Kind.ADD, PropertyDiff.Kind.ADD_REPLACE],
  delete: [PropertyDiff.Kind.DELETE, PropertyDiff.Kind.DELETE_REPLACE],
  update: [PropertyDiff.Kind.UPDATE, PropertyDiff.Kind.UPDATE_REPLACE],
};

const stateOf = (id: string, inputs: Received, state: Received): ResourceState<Properties, Properties> => ({
  id,
  inputs: inputs.properties,
  outputs: state.properties,
});

/** The engine keeps inputs and outputs in one map. */
const sendState = (handler: AnyHandler, inputs: Received, outputs: Properties) => {
  const secretOutputs = holdsUnknown(inputs.properties) ? [] : handler.secretOutputs(inputs.properties);
  return send({
    properties: { ...outputs, ...inputs.properties },
    secrets: union(inputs.secrets, handler.secretInputs, secretOutputs),
  });
};

const unknownSecrets = (handler: AnyHandler, { properties }: Received): Properties =>
  holdsUnknown(properties) ? {} : Object.fromEntries(handler.secretOutputs(properties).map((name) => [name, UNKNOWN]));

const unknownUnlessStable = (state: Properties, inputs: Properties): Properties =>
  Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => !(name in inputs))
      .map(([name, value]) => [name, STABLE.includes(name) ? value : UNKNOWN]),
  );

const union = (...names: Iterable<string>[]): ReadonlySet<string> => new Set(names.flatMap((some) => [...some]));

const isEmpty = (properties: Properties): boolean => Object.keys(properties).length === 0;
