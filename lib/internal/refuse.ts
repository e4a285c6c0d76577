import { z } from "zod/v4";

/** Why a kind's texts are refused, as an issue's `params`. */
export interface Refusal {
  /** Continues from the variable's name. */
  readonly sentence: string;
  /** @default - the field of the kind's first variable */
  readonly field?: string;
  readonly fix?: string;
}

/** Ends a kind's transformation of texts with these problems. */
export const refuse = (context: Pick<z.RefinementCtx, "addIssue">, ...problems: readonly Refusal[]): never => {
  for (const params of problems)
    context.addIssue({
      code: "custom",
      message: params.sentence,
      params,
      // zod adds the whole input to an issue without `input`.
      input: "***",
      // Without it, older versions of zod go on to what follows the transformation.
      continue: false,
    });
  return z.NEVER;
};
