import { refusal, type Parameter } from "./protocol";

/** What the words of a query parameter mean; the words are compared in lower case. */
export type Words<Meaning> = Readonly<Record<string, Meaning>>;

/** The first of several names of a parameter that the URL has. */
export const firstOf = (parameter: Parameter, names: readonly string[]): readonly [name: string, value: string] | undefined => {
  for (const name of names) {
    const value = parameter(name);
    if (value !== undefined) return [name, value];
  }
  return undefined;
};

/**
 * What the word of a parameter means, `undefined` if the URL has none of its names.
 * @param listed the words that a message lists
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
  throw refusal(`has a word for ${name} that its clients do not know`, `set ${name} to ${listed}`);
};

/** Words of a switch, as clients in Python, Ruby, Java, Go and Node take them. */
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

/** A switch that is on, off, or not set. */
export const switchOf = (parameter: Parameter, names: readonly string[]): boolean | undefined =>
  meaningOf(parameter, names, SWITCH, "true or false");
