import path from "node:path";
import { visibilityOf } from "../../../generation";
import type { LocalEnvironment } from "../../../local/environment";
import { ensureGenerated, findGenerated, removeGenerated } from "../../../local/generated";
import { inLockSession } from "../../../local/lock/lock-session";
import type { Handler } from "../handler";
import { generatedInputs, type GeneratedInputs, type GeneratedOutputs } from "../schemas";
import { isOther, newPlace, placeAt, refuseImport } from "./environment";
import { locate, type Located, locateHere } from "./locate";
import { isNew } from "./options";

/** A setting's generated value, shared with `endow dev`. Its id is the environment's folder plus the value's own name. */
export const generated: Handler<GeneratedInputs, GeneratedOutputs> = {
  inputs: generatedInputs,
  secretInputs: [],
  secretOutputs: ({ generation }) =>
    Object.entries(visibilityOf(generation)).flatMap(([field, seen]) => (seen === "secret" ? [field] : [])),

  replaces: (before, { environment, setting = before.setting, formerly = [] }) => [
    ...(isOther(before.environment, environment) ? ["environment" as const] : []),
    ...(isNew(before.setting, setting, formerly) ? ["setting" as const] : []),
  ],

  drifted: async (state) => {
    const found = foundAt(locate("Generated", state), state.inputs);
    if (found === undefined) return Object.keys(visibilityOf(state.inputs.generation));
    return Object.entries(found.fields).flatMap(([field, value]) => (state.outputs[field] === value ? [] : [field]));
  },

  create: (inputs, context) =>
    inLockSession(newPlace(inputs.environment), context, async (environment) => {
      const { name, outputs } = await make(environment, inputs);
      return { id: path.join(environment.folder, "generated", name), outputs };
    }),

  read: async ({ id, inputs, outputs }) => {
    if (inputs === undefined || outputs === undefined) return refuseImport("a generated secret", id);
    const located = locate("Generated", { id, inputs, outputs });
    const found = foundAt(located, inputs);
    return found && { id, inputs, outputs: { ...found.fields, folder: located.folder } };
  },

  update: async (state, inputs, context) => {
    const { folder } = locateHere("Generated", state);
    const place = placeAt(state.inputs.environment, folder);
    return inLockSession(place, context, async (environment) => (await make(environment, inputs)).outputs);
  },

  remove: async (state, context) => {
    const { inputs } = state;
    const located = locate("Generated", state);
    const { folder, isHere } = located;
    if (!isHere) return;
    await inLockSession(placeAt(inputs.environment, folder), { ...context, removes: true }, async () => {
      if (inputs.forceDestroy) await removeGenerated(folder, inputs.setting);
      else if (foundAt(located, inputs)) context.tell("its value is kept for the next `pulumi up`; `endow dev --down` deletes it");
    });
  },
};

const foundAt = ({ folder, isHere }: Located, { setting: id, formerly }: GeneratedInputs) =>
  isHere ? findGenerated(folder, { id, formerly }) : undefined;

const make = async (environment: LocalEnvironment, { setting: id, formerly, generation }: GeneratedInputs) => {
  const { name, fields } = await ensureGenerated(environment, { id, formerly, generation });
  const outputs: GeneratedOutputs = { ...fields, folder: environment.folder };
  return { name, outputs };
};
