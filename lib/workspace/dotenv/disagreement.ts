import { listed } from "../../internal/listed";
import type { Problem } from "../../errors";
import type { Dialect } from "./dialect";
import type { Line } from "./lines";
import { quoted } from "./quoted";

/** The file from which a library takes a variable, and the value; `undefined` if it does not read the line. */
export interface Take {
  readonly reader: string;
  readonly file: string;
  readonly value: string | undefined;
}

interface Disagreement {
  readonly variable: string;
  readonly takes: readonly Take[];
  readonly line: Line;
}

/** Problem of a line that no library reads. */
export const unread = ({ variable, takes, line }: Disagreement): Problem => ({
  code: "DOTENV_INVALID",
  path: placeOf(takes, line),
  message: `${variable} (${placeOf(takes, line)}) is not read by ${listed(distinct(takes.map(({ reader }) => reader)))}: the line is not a valid NAME=value line, or has an unclosed quote`,
  fix: "correct the line, or comment it out with #",
});

/** Problem of a value that only dotenvx can read, with a key. */
export const encrypted = ({ variable, takes, line }: Disagreement): Problem => ({
  code: "DOTENV_ENCRYPTED",
  path: placeOf(takes, line),
  message: `${variable} (${placeOf(takes, line)}) is encrypted: only dotenvx can read it`,
  fix: "run endow through dotenvx: `dotenvx run -- npx endow dev -- ...`",
});

/** Problem of a line or file order that libraries read differently. Shows no value. */
export const differently = ({ variable, takes, line, dialects }: Disagreement & { readonly dialects: readonly Dialect[] }): Problem => {
  const files = distinct(takes.map(({ file }) => file));
  const path = placeOf(takes, line);
  if (files.length > 1) {
    const taken = distinct(takes.map(({ reader, file }) => `${reader} takes it from ${file}`));
    return problem(path, `${variable} is in ${listed(files)} with different values: ${listed(taken)}`, "keep it in one of the files");
  }
  const readings = distinct(takes.map(readingOf));
  const reason = reasonOf(takes, line.written);
  return problem(
    path,
    `${variable} (${path}) is read differently: ${listed(readings)}${reason && `; ${reason}`}`,
    fixOf(variable, takes, dialects),
  );
};

const problem = (path: string, message: string, fix: string): Problem => ({ code: "DOTENV_AMBIGUOUS", path, message, fix });

const placeOf = ([first]: readonly Take[], { number }: Line): string => `${first?.file ?? ".env"}:${number}`;

const readingOf = ({ reader, value }: Take): string =>
  value === undefined
    ? `${reader} does not read the line`
    : `${reader} reads *** (${value.length} ${value.length === 1 ? "character" : "characters"})`;

/** Why the readings differ, judging by the line. */
const reasonOf = (takes: readonly Take[], written: string): string => {
  const read = takes.flatMap(({ reader, value }) => (value === undefined ? [] : [{ reader, value }]));
  const sorted = read.toSorted((one, other) => one.value.length - other.value.length);
  const [short, long] = [sorted[0], sorted.at(-1)];
  if (!short || !long || short.value === long.value) return "";
  if (written.includes("#") && long.value.startsWith(short.value)) return `${short.reader} ends the value before #`;
  const literal = read.find(({ value }) => value.includes("$"));
  const expanding = read.find(({ value }) => !value.includes("$"));
  if (written.includes("$") && literal && expanding) return `${expanding.reader} treats $ as a reference, ${literal.reader} does not`;
  if (written.includes("\\")) return "they treat the backslash differently";
  return /["'`]/.test(written) ? "they treat the quotes differently" : "";
};

const QUOTES: Readonly<Record<string, string>> = { "'": "single quotes", '"': "double quotes", "`": "backticks" };

/** A way to write each reading so that all libraries agree, if there is one. */
const fixOf = (variable: string, takes: readonly Take[], dialects: readonly Dialect[]): string => {
  if (takes.some(({ value }) => value === undefined)) return `write the line as ${variable}='...', or comment it out with #`;
  const forms = distinct(takes.map(({ value = "" }) => quoted(value, dialects)));
  if (forms.includes(undefined)) return `write the value so that they agree, or set ${variable} in the environment instead`;
  const form = forms.map((text) => QUOTES[text?.[0] ?? ""]).find((quotes) => quotes !== undefined);
  return form === undefined ? "write the value so that they agree" : `put the value you want in ${form}`;
};

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];
