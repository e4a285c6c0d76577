import { isDeepStrictEqual } from "node:util";
import type { Dialect } from "./dialect";

/** Writes a value so that every dialect reads it back unchanged; `undefined` if impossible. */
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

/** Without quotes. A quote at the start would begin quoted text that can end on a later line. */
const bareForms = (value: string): readonly string[] => (/^['"`]/.test(value) ? [] : [value, value.replaceAll("$", String.raw`\$`)]);

/** Whether a form yields the value without affecting the surrounding lines that the dialect reads. */
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
/** A quote that the form leaves open could close on any of these lines, at the end or within. */
const AFTER = [(quote: string) => `${quote}\n3${quote}`, (quote: string) => `${quote}3${quote}`].map((textIn) =>
  ["'", '"', "`"].map((quote, index) => `C${index}=${textIn(quote)}\n`).join(""),
);
