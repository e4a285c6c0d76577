import { z } from "zod/v4";

/** Why a kind rejects its variables, as an issue's `params`. */
export interface Refusal {
  /** Follows the variable's name. */
  readonly sentence: string;
  /** @default - the field of the kind's first variable */
  readonly field?: string;
  readonly fix?: string;
}

/** Ends a kind's transformation with these problems. */
export const refuse = (context: Pick<z.RefinementCtx, "addIssue">, ...problems: readonly Refusal[]): never => {
  for (const params of problems)
    context.addIssue({
      code: "custom",
      message: params.sentence,
      params,
      // zod adds the whole input to an issue without `input`.
      input: "***",
      // Otherwise older versions of zod continue after the transformation.
      continue: false,
    });
  return z.NEVER;
};
