import { rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod/v4";
import { fault } from "../errors";
import { readOwnJson, writeOwnFile } from "../files/own-file";
import { generate } from "../generate/make";
import { formOf, isSameForm, type Generation } from "../generation";
import { leaseName } from "../names";
import type { PlannedSecret } from "../plan";
import { freeLeaseName } from "./assign";
import { serially } from "./concurrency";
import type { LocalEnvironment } from "./environment";

const generatedSecret = z.object({
  /** Identifies it in Pulumi's state; unique, and kept when the setting is renamed. */
  name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
  /** The setting's id. */
  id: z.string(),
  /** How it was made. */
  generation: z.looseObject({ make: z.string() }),
  fields: z.record(z.string(), z.string().min(1)),
});

const schema = z.array(generatedSecret).refine((all) => new Set(all.map(({ id }) => id)).size === all.length, "has a duplicate id");

/** A generated value on this machine. */
export type GeneratedSecret = z.output<typeof generatedSecret>;

/** A request for a setting's value. */
export type GeneratedRequest = Pick<PlannedSecret, "id" | "formerly"> & { readonly generation: Generation };

/** Holds every generated value of an environment (0600). Only `endow dev --down` deletes it. */
export const generatedFile = (folder: string): string => path.join(folder, "generated.json");

/**
 * Returns a setting's generated value, including one made under a former id. A new value is saved before it is returned, so that no value in use
 * can be lost.
 *
 * @throws EndowError `GENERATED_UNREADABLE` if the file is damaged, `GENERATED_OTHERWISE`, `FILE_UNREADABLE`, `NOT_TRUSTED`
 */
export const ensureGenerated = async (
  environment: Pick<LocalEnvironment, "folder" | "change">,
  request: GeneratedRequest,
): Promise<GeneratedSecret> => {
  const file = generatedFile(environment.folder);
  // Records the environment, so that every command knows it.
  await environment.change();
  return serially(file, async () => {
    const all = read(file);
    const found = heldBy(all, request);
    if (found === undefined) {
      const held = all.map(({ name }) => name);
      const { id, generation } = request;
      const name = freeLeaseName({ id, login: undefined, name: leaseName(id) }, held);
      const made: GeneratedSecret = { name, id, generation, fields: await generate(generation) };
      await write(file, [...all, made]);
      return made;
    }
    if (!isSameForm(found.generation, request.generation)) throw madeOtherwise(found, request);
    const kept = { ...found, id: request.id };
    if (found.id !== request.id)
      await write(
        file,
        all.map((each) => (each === found ? kept : each)),
      );
    return kept;
  });
};

/** Returns a setting's generated value, if it has been made; changes nothing. Throws the same errors as `ensureGenerated`. */
export const findGenerated = (folder: string, request: Pick<GeneratedRequest, "id" | "formerly">): GeneratedSecret | undefined =>
  heldBy(read(generatedFile(folder)), request);

/** Deletes a setting's generated value. */
export const removeGenerated = (folder: string, id: string): Promise<void> => {
  const file = generatedFile(folder);
  return serially(file, async () => {
    const left = read(file).filter((each) => each.id !== id);
    await (left.length === 0 ? rm(file, { force: true }) : write(file, left));
  });
};

/** Tries the setting's own id first: another setting may have taken a former id since. */
const heldBy = (
  all: readonly GeneratedSecret[],
  { id, formerly }: Pick<GeneratedRequest, "id" | "formerly">,
): GeneratedSecret | undefined => [id, ...formerly].flatMap((known) => all.find((each) => each.id === known) ?? [])[0];

const read = (file: string): readonly GeneratedSecret[] => {
  const found = readOwnJson(file, schema);
  if (found === undefined) return [];
  if ("value" in found) return found.value;
  throw fault(
    "GENERATED_UNREADABLE",
    `the generated secrets file ${file} is damaged (${found.problem})`,
    "restore it from a backup; or delete it to replace every generated secret: everything signed or encrypted with the old ones is lost",
    file,
  );
};

const write = (file: string, all: readonly GeneratedSecret[]): Promise<void> => writeOwnFile(file, `${JSON.stringify(all, null, 2)}\n`);

const madeOtherwise = ({ generation }: GeneratedSecret, { id, generation: now }: GeneratedRequest) =>
  fault(
    "GENERATED_OTHERWISE",
    `the generated value of "${id}" is ${formOf(generation)}, but the declaration now requires ${formOf(now)}: nothing was replaced`,
    `undo the change, or give the setting a new id to generate a new value: { id: "${id}2" }`,
    id,
  );
