import { z } from "zod/v4";
import { EndowError } from "../errors";
import { refuse } from "../internal/refuse";
import type { VariableTexts } from "../kind";
import type { Connection } from "./connection";

/**
 * The schema of a kind whose main variable is a connection URL. A problem is an issue with `params: { field, sentence, fix }`;
 * the sentence follows the variable's name.
 *
 * @param read parses the variables; the path of each problem that it throws is the field of the invalid variable
 */
export const connectionSchema = <Found extends Connection>(read: (texts: VariableTexts) => Found): z.ZodType<Found, VariableTexts> =>
  z.custom<VariableTexts>().transform((texts, context) => {
    try {
      return read(texts);
    } catch (error) {
      if (!(error instanceof EndowError)) throw error;
      return refuse(context, ...error.problems.map(({ path: field, message: sentence, fix }) => ({ field, sentence, fix })));
    }
  });
