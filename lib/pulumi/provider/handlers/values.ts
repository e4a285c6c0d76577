import { rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { codeOf } from "../../../errors";
import type { LocalEnvironment } from "../../../local/environment";
import { inLockSession } from "../../../local/lock/lock-session";
import { storesIn } from "../../../local/values";
import { readValues } from "../../../stores/local/load";
import { writeValues } from "../../../stores/local/write";
import type { Handler } from "../handler";
import { valuesInputs, type ValuesInputs, type ValuesOutputs } from "../schemas";
import { environmentInputOf, isOther, newPlace, placeAt, recordIn } from "./environment";
import { locate, locateHere } from "./locate";

/** A file with one group's values. Its id is the file's path. */
export const values: Handler<ValuesInputs, ValuesOutputs> = {
  inputs: valuesInputs,
  secretInputs: ["values"],
  secretOutputs: () => [],

  replaces: (before, { environment, group = before.group }) => [
    ...(isOther(before.environment, environment) ? ["environment" as const] : []),
    ...(group !== before.group ? ["group" as const] : []),
  ],

  drifted: async (state) => {
    locate("Values", state, { name: state.inputs.group });
    return isDeepStrictEqual(await valuesAt(state.id), state.inputs.values) ? [] : ["written"];
  },

  create: (inputs, context) =>
    inLockSession(newPlace(inputs.environment), context, async (environment) => {
      const outputs = await write(environment, inputs);
      return { id: fileURLToPath(outputs.address), outputs };
    }),

  read: async ({ id, inputs, outputs }) => {
    const { folder, name, isHere } = locate("Values", { id, inputs, outputs }, { name: inputs?.group });
    const record = await recordIn(folder);
    const found = await valuesAt(id);
    if (outputs === undefined && (record === undefined || found === undefined)) return undefined;
    if (!isHere) return undefined;
    const known = inputs ?? (record && { environment: environmentInputOf(record), group: name, values: found ?? {} });
    if (known === undefined) return undefined;
    return {
      id,
      inputs: known,
      outputs: { folder, address: pathToFileURL(id).href, written: isDeepStrictEqual(found, known.values) },
    };
  },

  update: async (state, inputs, context) => {
    const { folder } = locateHere("Values", state, { name: state.inputs.group });
    return inLockSession(placeAt(state.inputs.environment, folder), context, (environment) => write(environment, inputs));
  },

  remove: async (state, context) => {
    const { folder, isHere } = locate("Values", state, { name: state.inputs.group });
    if (!isHere) return;
    await inLockSession(placeAt(state.inputs.environment, folder), { ...context, removes: true }, () => rm(state.id, { force: true }));
  },
};

const write = async ({ folder, change }: LocalEnvironment, { group, values: texts }: ValuesInputs): Promise<ValuesOutputs> => {
  await change();
  const { href } = await writeValues(storesIn(folder), group, texts);
  return { folder, address: href, written: true };
};

/** Reads the file's values; `undefined` when it is missing or malformed. */
const valuesAt = async (file: string): Promise<Readonly<Record<string, string>> | undefined> => {
  try {
    return readValues(pathToFileURL(file));
  } catch (error) {
    if (codeOf(error) === "STORE_UNREADABLE") return undefined;
    throw error;
  }
};
