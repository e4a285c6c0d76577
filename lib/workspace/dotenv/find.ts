import type { Problem } from "../../errors";
import type { Reader } from "../readers";
import type { Reading } from "./dialect";
import { differently, encrypted, type Take, unread } from "./disagreement";
import type { Line } from "./lines";

/** A variable's value in a dotenv file. */
export interface DotenvValue {
  readonly text: string;
  /** `.env.local` */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Whether one of the app's libraries reads the value from the file. */
  readonly readByApp: boolean;
  /** Variables that the line refers to. */
  readonly refersTo: readonly string[];
}

/** Precedence of files without an order from a library. */
export const ORDER = [".env.development.local", ".env.local", ".env.development", ".env", ".env.defaults"];

/** A library and the files that it reads, or may be told to read. */
export interface Use {
  readonly reader: Reader;
  readonly files: readonly string[];
  /** Whether it reads them itself, in the folder that the app runs in. */
  readonly byItself: boolean;
}

export interface ReadUse extends Use {
  readonly readings: () => ReadonlyMap<string, Reading>;
}

type LinesByFile = ReadonlyMap<string, ReadonlyMap<string, Line>>;

/** A variable's value, if the libraries agree on it. */
export const find = (uses: readonly ReadUse[], linesByFile: LinesByFile, variable: string): DotenvValue | Problem | undefined => {
  const lines = new Map(
    [...linesByFile].flatMap(([file, all]) => {
      const line = all.get(variable);
      return line ? [[file, line] as const] : [];
    }),
  );
  const takes = uses
    .filter(({ reader }) => !reader.onlyAgrees)
    .flatMap((use): readonly (Take & { readonly use: ReadUse })[] => {
      const reading = use.readings().get(variable);
      const file = use.files.find((name) => lines.has(name) || reading?.file === name);
      return file === undefined ? [] : [{ use, reader: use.reader.name, file, value: reading?.file === file ? reading.value : undefined }];
    });
  const chosen = chosenFile(takes);
  if (chosen === undefined) return undefined;
  const involved = chosen.file === undefined ? takes : takes.filter(({ file }) => file === chosen.file);
  const [first] = involved;
  if (first === undefined) return undefined;
  const line = lines.get(first.file) ?? { number: 1, written: "", count: 1 };
  if (involved.every(({ value }) => value === undefined)) return unread({ variable, takes: involved, line });
  const compared = [...involved, ...agreeing(uses, variable, first.file)];
  const dialects = compared.map(({ use }) => use.reader);
  if (compared.some(({ value }) => value !== first.value)) return differently({ variable, takes: compared, line, dialects });
  const text = first.value ?? "";
  if (text.startsWith("encrypted:")) return encrypted({ variable, takes: involved, line });
  const readByApp = involved.some(({ use }) => use.byItself && use.reader.gives(variable));
  return { text, file: first.file, line: line.number, readByApp, refersTo: referencesIn(line.written, text) };
};

/** The readings that only have to agree. */
const agreeing = (uses: readonly ReadUse[], variable: string, file: string): readonly (Take & { readonly use: ReadUse })[] =>
  uses.flatMap((use) => {
    const reading = use.reader.onlyAgrees && use.files === use.reader.files ? use.readings().get(variable) : undefined;
    return reading?.file === file ? [{ use, reader: use.reader.name, file, value: reading.value }] : [];
  });

/** The references that the libraries replaced. */
const referencesIn = (written: string, text: string): readonly string[] =>
  [...written.matchAll(/\$\{?(\w+)/g)].flatMap(([reference, name = ""]) => (text.includes(reference) ? [] : [name]));

/** The file that counts; `file` is `undefined` if libraries that read the same files order them differently. */
const chosenFile = (takes: readonly (Take & { readonly use: Use })[]): { readonly file: string | undefined } | undefined => {
  if (takes.length === 0) return undefined;
  const isOverruled = (file: string): boolean => takes.some((take) => take.file !== file && take.use.files.includes(file));
  const standing = takes.map(({ file }) => file).filter((file) => !isOverruled(file));
  return { file: standing.toSorted((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other))[0] };
};
