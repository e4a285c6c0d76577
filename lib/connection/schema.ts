import { z } from "zod";
import { EndowError } from "../errors";
import type { VariableTexts } from "../kind";
import type { Connection } from "./connection";
import { parseUrl } from "./parse";
import type { Protocol } from "./protocol";

/**
 * The schema of a kind that fits in one variable, a connection URL. A refusal is an issue with `params: { suffix, sentence, fix }`;
 * the sentence goes on from the variable's name.
 */
export const connectionSchema = <Database extends string | number | undefined>(
  protocol: Protocol<Database>,
): z.ZodType<Connection<Database>, VariableTexts> =>
  z.custom<VariableTexts>().transform((texts, context) => {
    try {
      return parseUrl(texts[""] ?? "", protocol);
    } catch (error) {
      if (!(error instanceof EndowError)) throw error;
      for (const { message, fix } of error.problems) {
        // zod gives the whole input to an issue that names none.
        context.addIssue({ code: "custom", message, params: { suffix: "", sentence: message, fix }, input: "***" });
      }
      return z.NEVER;
    }
  });
