import stringWidth from "string-width";

export type Row = ReadonlyArray<string | number | undefined>;

/** Formats rows in aligned columns; a cell without a value stays empty. Returns "" without rows. */
export const table = (head: readonly string[], rows: readonly Row[]): string => {
  if (rows.length === 0) return "";
  const lines = [head.map((name) => name.toUpperCase()), ...rows.map((row) => row.map((cell) => oneLine(String(cell ?? ""))))];
  const widths = head.map((_, column) => lines.reduce((widest, line) => Math.max(widest, stringWidth(line[column] ?? "")), 0));
  return lines
    .map((line) =>
      line
        .map((cell, column) => padded(cell, widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

/** Pads to a width in terminal columns: a Chinese character takes two. */
const padded = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - stringWidth(text)));

/** Formats a duration in whole seconds, minutes, hours or days. */
export const duration = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const units = [
    [86_400, "d"],
    [3600, "h"],
    [60, "m"],
  ] as const;
  const unit = units.find(([length]) => seconds >= length);
  return unit ? `${Math.floor(seconds / unit[0])} ${unit[1]}` : `${seconds} s`;
};
