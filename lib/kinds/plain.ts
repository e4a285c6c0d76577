import { z } from "zod";
import { bindKind } from "../bound-kind";
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { metadataFor, withMetadata, type IsConditional, type Metadata, type SettingOptions, type Traited } from "../setting";
import type { EnvironmentType } from "../environment";

/** A value that is no secret: any zod schema. Its own schema parses it, so the kind's only passes on. */
const plainKind = defineKind({
  name: "plain",
  secret: false,
  plain: true,
  options: once(() => z.strictObject({ public: z.boolean().default(false) })),
  variables: () => [{ suffix: "", secret: false, required: true }],
  schema: () => z.custom<VariableTexts>(),
});

/** Options of a plain setting. */
export interface PlainOptions<
  Fallback extends string = string,
  RequiredIn extends readonly EnvironmentType[] = readonly EnvironmentType[],
> extends SettingOptions<Fallback, RequiredIn> {
  /**
   * Says that the value may be shown although its name sounds secret: `publishableKey`.
   * @default false
   */
  readonly public?: boolean;
}

/** What a setting declared by a bare zod schema carries. */
export const plainMetadata: Metadata = { kind: bindKind(plainKind, { public: false }), common: {}, issues: [] };

/**
 * A plain setting with options: `setting(z.string(), { env: "SITE_NAME" })`. Without options the zod schema alone will do.
 */
export const setting = <S extends z.ZodType, Fallback extends string = never, const RequiredIn extends readonly EnvironmentType[] = never>(
  schema: S,
  options: PlainOptions<Fallback, RequiredIn>,
): S & Traited<"plain", Fallback, IsConditional<RequiredIn>> =>
  withMetadata(schema, metadataFor(plainKind, options)) as S & Traited<"plain", Fallback, IsConditional<RequiredIn>>;
