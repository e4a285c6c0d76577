import { z } from "zod";
import { EndowError } from "../errors";
import type { VariableTexts } from "../kind";
import type { Connection } from "./connection";

/**
 * The schema of a kind whose main variable is a connection URL. A refusal is an issue with `params: { suffix, sentence, fix }`;
 * the sentence goes on from the variable's name.
 *
 * @param read what the texts say; the path of each problem that it throws is the suffix of the variable that is wrong
 */
export const connectionSchema = <Found extends Connection>(read: (texts: VariableTexts) => Found): z.ZodType<Found, VariableTexts> =>
  z.custom<VariableTexts>().transform((texts, context) => {
    try {
      return read(texts);
    } catch (error) {
      if (!(error instanceof EndowError)) throw error;
      for (const { path: suffix, message, fix } of error.problems) {
        // zod gives the whole input to an issue that names none.
        context.addIssue({ code: "custom", message, params: { suffix, sentence: message, fix }, input: "***" });
      }
      return z.NEVER;
    }
  });
