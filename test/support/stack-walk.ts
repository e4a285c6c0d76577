import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import type { Group, Plan } from "../../lib";
import { codeOf } from "../../lib/errors";
import { inLockSession } from "../../lib/local/lock/lock-session";
import type { PlannedResource } from "../../lib/plan";
import { deliveredValues } from "../../lib/plan/delivered";
import type { StepContext, ResourceState } from "../../lib/pulumi/provider/handler";
import { newPlace } from "../../lib/pulumi/provider/handlers/environment";
import { lease } from "../../lib/pulumi/provider/handlers/lease";
import type { LeaseInputs, LeaseOutputs } from "../../lib/pulumi/provider/schemas";
import { type Edit, edit, EMPTY, groupsOf, planOf, sensible, variablesOf } from "./declarations";
import { identityModel } from "./identity-model";
import type { Access, World } from "./identity-walk";
import { checked, created, type LocalStack } from "./local-stack";
import { type Damage, damage, damageState, mainStateFile } from "./state-damage";

/** Edits of the declaration, and a `pulumi up` after them. */
interface Deploy {
  readonly edits: readonly Edit[];
  readonly damage: Damage | undefined;
  /** Whether what leaves the program loses its data. */
  readonly forceDestroy: boolean;
}

export const deploysOf = (count: number): fc.Arbitrary<readonly Deploy[]> =>
  fc.array(fc.record({ edits: fc.array(edit, { minLength: 1, maxLength: 3 }), damage, forceDestroy: fc.boolean() }), {
    minLength: Math.floor(count / 2),
    maxLength: count,
  });

type Lease = ResourceState<LeaseInputs, LeaseOutputs>;

/** Goes through deploys as the engine would, and asserts after each that every setting has exactly what was kept under its identity. */
export const walkStack = async (
  deploys: readonly Deploy[],
  stack: Pick<LocalStack, "environment" | "folder"> & { readonly context: StepContext },
  { keep, kept }: Pick<World, "keep" | "kept">,
): Promise<void> => {
  const model = identityModel<Access>();
  const { project } = stack.environment;
  let resources: ReadonlyMap<string, Lease> = new Map();
  let declaration = EMPTY;
  let older: string | undefined;
  let count = 0;
  for (const { edits, damage, forceDestroy } of deploys) {
    declaration = edits.reduce((before, change) => sensible(project, before, change), declaration);
    damageState(stack.folder(), damage, older);
    // As any other resource of the stack does, also when no setting is left.
    await inLockSession(newPlace(stack.environment), stack.context, async () => undefined);
    const groups = groupsOf(declaration);
    const planned = planOf(project, declaration);
    const { taken, leases } = model.bring(planned, { moves: planned.resources.map(({ id }) => id), unavailable: new Set() });
    const { gone, failed, ...deployed } = await deploy(planned, resources, { ...stack, forceDestroy });
    resources = deployed.resources;
    for (const { inputs } of forceDestroy ? gone : []) {
      const { kind, name } = inputs.server;
      const now = planned.servers.find(({ formerly }) => formerly.includes(name))?.name ?? name;
      model.drop(inputs.setting, { kind, name: now, formerly: [] });
    }
    assert.deepEqual(new Set(failed.map(({ server }) => server)), new Set(taken));

    const values = valuesIn(planned, groups, resources);
    for (const [id, { texts, remember }] of leases) {
      const { variable, kind } = variablesOf(declaration).get(id) ?? assert.fail(id);
      if (failed.some((resource) => resource.id === id)) continue;
      assert.deepEqual(await kept(kind, values, variable), texts.toSorted(), `what ${id} has`);
      const text = `text-${(count += 1)}`;
      await keep(kind, values, variable, text);
      texts.push(text);
      remember({ kind, variable, values });
    }
    for (const { kind, variable, values } of model.shutOut()) await assert.rejects(kept(kind, values, variable), "it is shut out");
    for (const resource of deployed.made) assert.deepEqual(await lease.drifted?.(resource), []);
    if (existsSync(mainStateFile(stack.folder()))) older ??= readFileSync(mainStateFile(stack.folder()), "utf8");
  }
};

interface Deployed {
  /** By the setting's id. */
  readonly resources: ReadonlyMap<string, Lease>;
  readonly made: readonly Lease[];
  readonly gone: readonly Lease[];
  /** What could not be made, since a server cannot keep two settings apart. */
  readonly failed: readonly PlannedResource[];
}

/** What the engine does: a resource keeps its state through its aliases; what is replaced or gone is removed when all else is done. */
const deploy = async (
  planned: Plan,
  before: ReadonlyMap<string, Lease>,
  {
    environment,
    context,
    forceDestroy,
  }: Pick<LocalStack, "environment"> & { readonly context: StepContext; readonly forceDestroy: boolean },
): Promise<Deployed> => {
  const resources = new Map<string, Lease>();
  const used = new Set<Lease>();
  const [made, gone]: [Lease[], Lease[]] = [[], []];
  const failed: PlannedResource[] = [];
  for (const resource of planned.resources) {
    const { id, formerly, name, options } = resource;
    const server = planned.servers.find((each) => each.name === resource.server) ?? assert.fail(resource.server);
    const { kind, version } = server;
    const asked = { name: server.name, kind, serverId: server.id, formerly: server.formerly, ...(version !== undefined && { version }) };
    const inputs = checked(lease, { environment, server: asked, setting: id, formerly, name, options, forceDestroy });
    const known = [id, ...formerly].flatMap((each) => before.get(each) ?? []).find((each) => !used.has(each));
    if (known) used.add(known);
    const make = () => created(lease, inputs, context);
    try {
      const keeps = known && lease.replaces(known.inputs, inputs).length === 0;
      const updated = keeps ? await updatedOrReplaced(known, inputs, context) : undefined;
      const state = updated ?? (await make());
      if (known && updated === undefined) gone.push(known);
      resources.set(id, state);
      made.push(state);
    } catch (error) {
      if (codeOf(error) !== "SERVER_TAKEN") throw error;
      failed.push(resource);
      if (known) resources.set(known.inputs.setting, known);
    }
  }
  const removed = [...gone, ...[...before.values()].filter((each) => !used.has(each))];
  for (const each of removed) await lease.remove({ ...each, inputs: { ...each.inputs, forceDestroy } }, context);
  return { resources, made, gone: removed, failed };
};

/** `undefined` where the provider says that the resource has to be replaced. */
const updatedOrReplaced = async (state: Lease, inputs: LeaseInputs, context: StepContext): Promise<Lease | undefined> => {
  try {
    return { id: state.id, inputs, outputs: await lease.update(state, inputs, context) };
  } catch (error) {
    if (["LEASE_ELSEWHERE", "SERVER_ELSEWHERE"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
};

const valuesIn = (plan: Plan, groups: readonly Group[], resources: ReadonlyMap<string, Lease>): Readonly<Record<string, string>> =>
  deliveredValues(plan, groups, { fieldsOf: (setting) => resources.get(setting)?.outputs, supplied: {} });
