/** Words for a variable that is true or false, to end the sentence "must be ...". */
export const FLAG_WORDS = "true or false (also 1, 0, yes, no, on, off)";

/** Reads such a word; `undefined` if it is none. */
export const readFlag = (text: string): boolean | undefined => {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  return /^(false|0|no|off)$/i.test(text) ? false : undefined;
};
