import { z } from "zod/v4";
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { refuse } from "../internal/refuse";
import { Secret } from "../secret";
import { definitionOf, isSchema, isZod3, type AnySchema, type Schema } from "../schema";
import { settingOf, type IsConditional, type Setting, type SettingOptions } from "../setting";
import { readingOf } from "../text";
import type { EnvironmentType } from "../environment";
import { isPlaceholder } from "./weakness";

const options = once(() =>
  z.strictObject({ schema: z.custom<Schema>(isSchema, "must be a zod schema").optional() }).superRefine(({ schema }, context) => {
    if (!schema) return;
    const { type } = definitionOf(schema);
    const reading = readingOf(schema);
    if (["optional", "default", "prefault", "catch"].includes(type))
      context.addIssue(
        `use secret(schema).optional()${type === "optional" ? "" : " and set the value elsewhere"}: the schema itself must not use .${type}()`,
      );
    if ("refusal" in reading) context.addIssue(reading.refusal);
  }),
);

type Options = z.output<ReturnType<typeof options>>;

/** A value that a user or a vendor provides: a token, a PEM key, a service account's JSON. */
const secretKind = defineKind({
  name: "secret",
  secret: true,
  options,
  variables: [{ field: "value", suffix: "", secret: true, required: true }],
  schema: ({ schema = z.string() }: Options): z.ZodType<Secret<unknown>, VariableTexts> => {
    const reading = readingOf(schema);
    const decoded = z.custom<VariableTexts>().transform((texts, context) => {
      const result = "decode" in reading ? reading.decode(texts["value"] ?? "") : undefined;
      return result ? result.value : refuse(context, { sentence: `must be ${"what" in reading ? reading.what : "text"}` });
    });
    return decoded.pipe(schema as z.ZodType).transform((value) => new Secret(value));
  },
  example: ({ schema }: Options) => (schema ? undefined : { value: "fake-secret" }),
  weaknesses: (secret) => {
    const value = secret.reveal();
    if (typeof value !== "string") return [];
    if (isPlaceholder(value)) return ["looks like a placeholder or is easy to guess"];
    return value.length < 8 ? ["is shorter than 8 characters"] : [];
  },
});

/**
 * A secret that a user or a vendor provides. `config.x.reveal()` returns it; everything else prints `***`.
 *
 * @param schema validates the text: `z.string().startsWith("sk-")`, or `z.object({...})` for JSON. Default: any text, including multiple lines (PEM).
 */
export function secret<Fallback extends string = never, const RequiredIn extends readonly EnvironmentType[] = never>(
  options?: SettingOptions<Fallback, RequiredIn, "value">,
): Setting<Secret, "secret", Fallback, IsConditional<RequiredIn>>;
export function secret<Value, Fallback extends string = never, const RequiredIn extends readonly EnvironmentType[] = never>(
  schema: AnySchema<Value>,
  options?: SettingOptions<Fallback, RequiredIn, "value">,
): Setting<Secret<Value>, "secret", Fallback, IsConditional<RequiredIn>>;
export function secret(first?: AnySchema | SettingOptions, second?: SettingOptions): z.ZodType {
  // `settings()` reports it, as it does without `secret()`.
  if (isZod3(first)) return first as z.ZodType;
  const given = isSchema(first) ? { ...second, schema: first } : first;
  return settingOf(secretKind, given);
}
