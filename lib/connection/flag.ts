/** The allowed values of a true or false variable; completes the sentence "must be ...". */
export const FLAG_WORDS = "true or false (also 1, 0, yes, no, on, off)";

/** Reads such a word; `undefined` for any other text. */
export const readFlag = (text: string): boolean | undefined => {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  return /^(false|0|no|off)$/i.test(text) ? false : undefined;
};
