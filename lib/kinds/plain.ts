import { z } from "zod/v4";
import { bindKind } from "../bound-kind";
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { isSchema, type AnySchema } from "../schema";
import { metadataFor, withMetadata, type IsConditional, type Metadata, type SettingOptions, type Traited } from "../setting";
import type { EnvironmentType } from "../environment";
import type { Spelling } from "../text-values";
import { booleanOption } from "./boolean-option";

/** A non-secret value, parsed by its own zod schema; the kind's schema is a pass-through. */
const plainKind = defineKind({
  name: "plain",
  secret: false,
  plain: true,
  options: once(() =>
    z.strictObject({
      public: z.boolean().default(false),
      separator: z.string().min(1, "must not be empty").optional(),
      boolean: booleanOption(),
    }),
  ),
  variables: [{ field: "value", suffix: "", secret: false, required: true }],
  schema: () => z.custom<VariableTexts>(),
});

/** Options of a plain setting. */
export interface PlainOptions<
  Fallback extends string = string,
  RequiredIn extends readonly EnvironmentType[] = readonly EnvironmentType[],
> extends SettingOptions<Fallback, RequiredIn, "value"> {
  /**
   * Whether the value may be shown although its name suggests a secret: `publishableKey`.
   * @default false
   */
  readonly public?: boolean;
  /**
   * Separator of a list's entries: reads and writes `a,b` instead of JSON. Entries are trimmed, and empty ones dropped.
   * @default - a list is JSON
   */
  readonly separator?: string;
  /**
   * Spelling of true, and of false accordingly, for an app that accepts only one: `"True"`, `"1"`, `"yes"`. All spellings are read.
   * @default "true"
   */
  readonly boolean?: Spelling;
}

/** The metadata of a setting declared with a bare zod schema. */
export const plainMetadata: Metadata = { kind: bindKind(plainKind, { public: false }), common: {}, issues: [] };

/**
 * A plain setting with options: `setting(z.string(), { env: "SITE_NAME" })`. Without options, the zod schema alone is enough.
 */
export const setting = <S extends AnySchema, Fallback extends string = never, const RequiredIn extends readonly EnvironmentType[] = never>(
  schema: S,
  options: PlainOptions<Fallback, RequiredIn>,
): S & Traited<"plain", Fallback, IsConditional<RequiredIn>> =>
  // Anything else is returned unchanged: `settings()` reports it.
  (isSchema(schema) ? withMetadata(schema, metadataFor(plainKind, options)) : schema) as S &
    Traited<"plain", Fallback, IsConditional<RequiredIn>>;
