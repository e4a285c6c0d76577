import Table from "cli-table3";

export type Row = ReadonlyArray<string | number | undefined>;

const none = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
};
const noLines = { ...none, left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " };

/** Columns for a person to read; a cell without a value stays empty. "" for no rows at all. */
export const table = (head: readonly string[], rows: readonly Row[]): string => {
  if (rows.length === 0) return "";
  const lines = new Table({
    head: head.map((name) => name.toUpperCase()),
    chars: noLines,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  lines.push(...rows.map((row) => row.map((cell) => String(cell ?? ""))));
  return lines
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
};

/** Whole seconds, minutes, hours or days. */
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
