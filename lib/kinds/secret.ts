import { z } from "zod/v4";
import { described, exampleTexts, optionalGenerate, type Generate, type Generation } from "../generation";
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { refuse } from "../internal/refuse";
import { Secret } from "../secret";
import { definitionOf, isSchema, usesZod3, type AnySchema, type Schema } from "../schema";
import { settingOf, type IsConditional, type Setting, type SettingOptions } from "../setting";
import { readingOf } from "../text";
import type { EnvironmentType } from "../environment";
import { isPlaceholder } from "./weakness";

const options = once(() =>
  z
    .strictObject({
      schema: z.custom<Schema>(isSchema, "must be a zod schema").optional(),
      generate: optionalGenerate(),
    })
    .superRefine(({ schema, generate }, context) => {
      if (!schema) return;
      const { type } = definitionOf(schema);
      const reading = readingOf(schema);
      if (["optional", "default", "prefault", "catch"].includes(type))
        context.addIssue(
          `use secret(schema).optional()${type === "optional" ? "" : " and set the value elsewhere"}: the schema itself must not use .${type}()`,
        );
      if ("refusal" in reading) context.addIssue(reading.refusal);
      else if (generate && exampleTexts(generate).some((text) => isRefused(schema, reading.decode(text))))
        context.addIssue({ code: "custom", path: ["generate"], message: `it generates ${described(generate)}, which the schema rejects` });
    }),
);

/** Whether a schema rejects decoded text. A schema with an asynchronous check counts as accepting everything. */
const isRefused = (schema: Schema, decoded: { readonly value: unknown } | undefined): boolean => {
  try {
    return decoded === undefined || !schema.safeParse(decoded.value).success;
  } catch {
    return false;
  }
};

type Options = z.output<ReturnType<typeof options>>;

/** A value from a user or a vendor, such as a token, a PEM key or a service account's JSON; or the app's own, which is generated. */
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
  fields: { value: "secret" },
  encode: { value: ({ value }: { readonly value: string }) => value },
  // Schemas are not plain data.
  encodeOptions: () => ({}),
  generation: ({ generate }: Options): Generation | undefined => generate,
  example: ({ schema, generate }: Options) => {
    const [text] = generate ? exampleTexts(generate) : schema ? [] : ["fake-secret"];
    return text === undefined ? undefined : { value: text };
  },
  weaknesses: (secret) => {
    const value = secret.reveal();
    if (typeof value !== "string") return [];
    if (isPlaceholder(value)) return ["looks like a placeholder or is easy to guess"];
    return value.length < 8 ? ["is shorter than 8 characters"] : [];
  },
});

/** Options of a generated secret. It always has a value, so `fallback` and `requiredIn` do not apply. */
export interface GeneratedSecretOptions extends Omit<SettingOptions<never, never, "value">, "fallback" | "requiredIn"> {
  /**
   * Generates the value once per environment if the user supplies none: `true` makes 32 random bytes in base64url. The value is kept under the
   * setting's id, and never replaced by a changed option, a rename with `formerly`, or a supplied value that is later removed.
   */
  readonly generate: Generate;
}

/**
 * A secret from a user or a vendor, or the app's own: `secret({ generate: true })`. `config.x.reveal()` returns it; everything else prints `***`.
 *
 * @param schema validates the text: `z.string().startsWith("sk-")`, or `z.object({...})` for JSON. Default: any text, including multiple lines (PEM).
 */
export function secret(options: GeneratedSecretOptions): Setting<Secret, "secret">;
export function secret<Value>(schema: AnySchema<Value>, options: GeneratedSecretOptions): Setting<Secret<Value>, "secret">;
export function secret<Fallback extends string = never, const RequiredIn extends readonly EnvironmentType[] = never>(
  options?: SettingOptions<Fallback, RequiredIn, "value">,
): Setting<Secret, "secret", Fallback, IsConditional<RequiredIn>>;
export function secret<Value, Fallback extends string = never, const RequiredIn extends readonly EnvironmentType[] = never>(
  schema: AnySchema<Value>,
  options?: SettingOptions<Fallback, RequiredIn, "value">,
): Setting<Secret<Value>, "secret", Fallback, IsConditional<RequiredIn>>;
export function secret(
  first?: AnySchema | SettingOptions | GeneratedSecretOptions,
  second?: SettingOptions | GeneratedSecretOptions,
): z.ZodType {
  // `settings()` reports it, as for a bare schema.
  if (usesZod3(first)) return first as z.ZodType;
  const given = isSchema(first) ? { ...second, schema: first } : first;
  return settingOf(secretKind, given);
}
