import type { Definition } from "../definition";
import { capturesFunction } from "../internal/captures";
import { definitionOf, withDefaultIn } from "../schema";
import { settingReading } from "../text";

/** A default as text; `"in the app"` if only the app can make the value. */
export type WrittenDefault = { readonly text: string } | "in the app";

/**
 * The text of a setting's default, for apps that read their variables without endow: a string, number, boolean or list of these, from a schema
 * that transforms nothing. Only the app can call a function for a default, which may differ each time and on each machine.
 *
 * @returns `undefined` for a setting without its own default
 */
export const writtenDefault = (definition: Definition): WrittenDefault | undefined => {
  const found = withDefaultIn(definition.schema);
  if (!found) return undefined;
  const reading = settingReading(definition);
  const get: unknown = Reflect.get(Object.getOwnPropertyDescriptor(found.def, "defaultValue") ?? {}, "get");
  // zod hides constants and functions behind the same getter.
  if ("refusal" in reading || (typeof get === "function" && capturesFunction(get) !== false)) return "in the app";
  const { defaultValue } = definitionOf(found);
  const text = (Array.isArray(defaultValue) ? defaultValue : [defaultValue]).every(isScalar) ? reading.encode(defaultValue) : undefined;
  return text === undefined ? "in the app" : { text };
};

const isScalar = (value: unknown): boolean => ["string", "number", "bigint", "boolean"].includes(typeof value);
