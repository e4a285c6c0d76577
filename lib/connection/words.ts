import { refusal, type Parameter } from "./protocol";

/** The meaning of each word of a query parameter. Words are compared in lower case. */
export type Words<Meaning> = Readonly<Record<string, Meaning>>;

/** The first of a parameter's names that the URL has. */
export const firstOf = (parameter: Parameter, names: readonly string[]): readonly [name: string, value: string] | undefined => {
  for (const name of names) {
    const value = parameter(name);
    if (value !== undefined) return [name, value];
  }
  return undefined;
};

/**
 * The meaning of a parameter's word; `undefined` if the URL has none of the parameter's names.
 * @param listed the words to list in a message
 */
export const meaningOf = <Meaning>(
  parameter: Parameter,
  names: readonly string[],
  words: Words<Meaning>,
  listed: string,
): Meaning | undefined => {
  const found = firstOf(parameter, names);
  if (found === undefined) return undefined;
  const [name, value] = found;
  const word = value.toLowerCase();
  if (Object.hasOwn(words, word)) return words[word];
  throw refusal(`has a value for ${name} that clients do not recognize`, `set ${name} to ${listed}`);
};

/** Words of a switch, as accepted by clients in Python, Ruby, Java, Go and Node. */
const SWITCH: Words<boolean> = {
  "": true,
  true: true,
  t: true,
  yes: true,
  on: true,
  "1": true,
  required: true,
  require: true,
  false: false,
  f: false,
  no: false,
  off: false,
  "0": false,
  none: false,
};

/** Reads a switch: on, off, or not set. */
export const switchOf = (parameter: Parameter, names: readonly string[]): boolean | undefined =>
  meaningOf(parameter, names, SWITCH, "true or false");
