/** A variable's line number, from 1, and its text after the equals sign. */
export interface Line {
  readonly number: number;
  readonly written: string;
  /** Number of lines that give it a value. */
  readonly count: number;
}

/** The last line that gives each variable a value, readable or not. Lines inside quoted text do not count. */
export const linesIn = (text: string): ReadonlyMap<string, Line> => {
  const lines = text.split(/\r\n|\n|\r/);
  const found = new Map<string, Line>();
  for (let index = 0; index < lines.length; index++) {
    const [, name, written = ""] = LINE.exec(lines[index] ?? "") ?? [];
    if (name === undefined) continue;
    found.set(name, { number: index + 1, written, count: (found.get(name)?.count ?? 0) + 1 });
    index = lastLine(lines, index, written.trim());
  }
  return found;
};

const LINE = /^\s*(?:export\s+)?([\w.-]+)\s*[=:](.*)$/;

/** Index of the line on which quoted text ends; the same line if its quote is never closed. */
const lastLine = (lines: readonly string[], start: number, written: string): number => {
  const quote = written[0];
  if (quote !== '"' && quote !== "'" && quote !== "`") return start;
  if (closes(written.slice(1), quote)) return start;
  for (let end = start + 1; end < lines.length; end++) if (closes(lines[end] ?? "", quote)) return end;
  return start;
};

const closes = (text: string, quote: string): boolean => text.replaceAll(/\\./g, "").includes(quote);
