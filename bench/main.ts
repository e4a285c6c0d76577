import { publicApps } from "./apps";
import { load } from "./load";
import { local } from "./local";
import type { Row } from "./measure";
import { plans } from "./plan";
import { long } from "./long";
import { preview } from "./preview";
import { pulumiUp } from "./pulumi";
import { types } from "./types";

const parts: Readonly<Record<string, () => readonly Row[] | Promise<readonly Row[]>>> = {
  load,
  plan: plans,
  apps: publicApps,
  long,
  local,
  types,
  pulumi: pulumiUp,
  preview,
};

const format = (value: number, unit: Row["unit"]) => `${value.toFixed(digits(value, unit))} ${unit}`;

const digits = (value: number, unit: Row["unit"]): number => {
  if (unit === "apps") return 0;
  if (unit === "x" || value < 10) return 2;
  return value < 100 ? 1 : 0;
};

const main = async (): Promise<void> => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0) {
    console.error(`unknown benchmark: ${unknown.join(", ")}; choose from ${Object.keys(parts).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const rows: Row[] = [];
  for (const [name, part] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.error(`measuring ${name} ...`);
    rows.push(...(await part()));
  }
  const table = rows.map(({ what, value, unit, goal = "" }) => [
    what,
    format(value.median, unit),
    `${format(value.min, unit)} to ${format(value.max, unit)}`,
    goal,
  ]);
  console.log(["| what | median | range | goal |", "|---|---|---|---|", ...table.map((cells) => `| ${cells.join(" | ")} |`)].join("\n"));
};

void main();
