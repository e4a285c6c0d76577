import { createHmac, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { z } from "zod/v4";
import { readOwnJson, writeOwnFileSync } from "../files/own-file";
import { ownValue } from "../internal/own-value";
import type { Plan } from "../plan";
import type { Group } from "../settings";

/** A value that endow made: the text of a setting's variable. */
export interface MadeValue {
  /** Id of the setting. */
  readonly id: string;
  readonly variable: string;
  readonly text: string;
}

/** Whether text is a value that endow made for a variable: the latest, an earlier one, or neither. */
export type Recognize = (ids: readonly string[], variable: string, text: string) => "latest" | "earlier" | undefined;

/** Number of earlier values recognized for each variable. */
const KEPT = 20;

const schema = z.object({
  version: z.literal(1),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  settings: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
});

type Recorded = z.output<typeof schema>;

/**
 * Recognizes values that an environment made, so that those written by `endow env > .env` do not count as supplied by the user. The file holds
 * keyed fingerprints, which reveal no value.
 *
 * @throws EndowError `FILE_UNREADABLE`, `NOT_TRUSTED`
 */
export const readFingerprints = (folder: string): Recognize => {
  const recorded = read(folder);
  return (ids, variable, text) => {
    if (recorded === undefined) return undefined;
    const own = fingerprint(recorded.key, variable, text);
    const known = ids.flatMap((id) => ownValue(ownValue(recorded.settings, id) ?? {}, variable) ?? []);
    if (!known.includes(own)) return undefined;
    return known.at(-1) === own ? "latest" : "earlier";
  };
};

/** Records new values. */
export const recordFingerprints = (folder: string, made: readonly MadeValue[]): void => {
  if (made.length === 0) return;
  const before = read(folder) ?? { version: 1, key: randomBytes(32).toString("hex"), settings: {} };
  const settings = new Map(Object.entries(before.settings).map(([id, variables]) => [id, new Map(Object.entries(variables))]));
  let changed = false;
  for (const { id, variable, text } of made) {
    const variables = settings.get(id) ?? new Map<string, string[]>();
    settings.set(id, variables);
    const known = variables.get(variable) ?? [];
    const own = fingerprint(before.key, variable, text);
    if (known.at(-1) === own) continue;
    variables.set(variable, [...known.filter((one) => one !== own), own].slice(-KEPT));
    changed = true;
  }
  if (!changed) return;
  const after: Recorded = {
    ...before,
    settings: Object.fromEntries(Array.from(settings, ([id, variables]) => [id, Object.fromEntries(variables)])),
  };
  writeOwnFileSync(fileOf(folder), `${JSON.stringify(after)}\n`);
};

/** Selects the values that an environment made from those of all its variables: each for every setting that has the variable. */
export const madeValues = (plan: Plan, groups: readonly Group[], values: Readonly<Record<string, string>>): readonly MadeValue[] => {
  const made = new Set(
    plan.variables.flatMap(({ name, source, state }) =>
      (source === "provisioned" || source === "generated") && state === "ready" ? [name] : [],
    ),
  );
  const definitions = groups.flatMap((group) => group.definitions);
  return definitions.flatMap(({ id, variables, derived }) =>
    [...variables, ...derived].flatMap(({ name: variable }) => {
      const text = made.has(variable) ? ownValue(values, variable) : undefined;
      return text === undefined ? [] : [{ id, variable, text }];
    }),
  );
};

const fileOf = (folder: string): string => path.join(folder, "fingerprints.json");

/** A damaged file counts as missing: its values then count as supplied by the user, like any other value in a `.env`. */
const read = (folder: string): Recorded | undefined => {
  const found = existsSync(folder) ? readOwnJson(fileOf(folder), schema) : undefined;
  return found && "value" in found ? found.value : undefined;
};

const fingerprint = (key: string, variable: string, text: string): string =>
  createHmac("sha256", Buffer.from(key, "hex")).update(`${variable}\0${text}`).digest("base64url");
