import { isDeepStrictEqual } from "node:util";
import type { Dialect } from "./dialect";

/** Writes a value so that every dialect reads it back unchanged; `undefined` if there is no such text. */
export const quoted = (value: string, dialects: readonly Dialect[]): string | undefined => {
  const forms = /^[\w./:@%+,-]*$/.test(value) ? [value, ...quotedForms(value)] : [...quotedForms(value), ...bareForms(value)];
  return forms.find((form) => dialects.every((dialect) => isReadBack(dialect, form, value)));
};

const quotedForms = (value: string): readonly string[] => {
  const dollars = value.replaceAll("$", String.raw`\$`);
  const escaped = value.replaceAll(/[\\"]/g, String.raw`\$&`).replaceAll("\n", String.raw`\n`);
  return [...new Set([value, dollars])]
    .flatMap((text) => [`'${text}'`, `"${text}"`, `\`${text}\``])
    .concat(`"${escaped}"`, `"${escaped.replaceAll("$", String.raw`\$`)}"`);
};

/** Without quotes. One at the start would begin a quoted text that can end on a later line. */
const bareForms = (value: string): readonly string[] => (/^['"`]/.test(value) ? [] : [value, value.replaceAll("$", String.raw`\$`)]);

/** Whether a form gives the value, and leaves the lines around it as they are: those that the dialect reads at all. */
const isReadBack = (dialect: Dialect, form: string, value: string): boolean =>
  AFTER.every((after) => {
    const around = read(dialect, BEFORE + after);
    if (around.size === 0) return true;
    const found = read(dialect, `${BEFORE}${NAME}=${form}\n${after}`);
    const result = found.get(NAME);
    found.delete(NAME);
    return result === value && isDeepStrictEqual(found, around);
  });

const read = (dialect: Dialect, text: string): Map<string, string> =>
  new Map([...dialect.read([{ name: "", text }], {})].map(([name, reading]) => [name, reading.value]));

const NAME = "ENDOW_VALUE";
const BEFORE = "A='1'\nB=\"2\"\n";
/** A quote that the form leaves open could end on any of these lines: at their end, or within them. */
const AFTER = [(quote: string) => `${quote}\n3${quote}`, (quote: string) => `${quote}3${quote}`].map((textIn) =>
  ["'", '"', "`"].map((quote, index) => `C${index}=${textIn(quote)}\n`).join(""),
);
