import path from "node:path";
import { inFreshProcess, paired, type Row } from "./measure";

const root = path.resolve(__dirname, "../..");
const FIELDS = 20;

// A typical app's mix: strings, numbers, booleans, enums.
const shape = (count: number) =>
  Array.from(
    { length: count },
    (_, index) =>
      [
        `text${index}: z.string()`,
        `count${index}: z.number().int()`,
        `flag${index}: z.boolean()`,
        `level${index}: z.enum(["low", "high"])`,
      ][index % 4],
  ).join(", ");

const texts = JSON.stringify(
  Object.fromEntries(
    Array.from({ length: FIELDS }, (_, index) => [
      ["TEXT", "COUNT", "FLAG", "LEVEL"][index % 4] + String(index),
      ["text", "12", "true", "low"][index % 4],
    ]),
  ),
);
const values = JSON.stringify(
  Object.fromEntries(
    Array.from({ length: FIELDS }, (_, index) => [
      ["text", "count", "flag", "level"][index % 4] + String(index),
      ["text", 12, true, "low"][index % 4],
    ]),
  ),
);

const timed = (imports: string, work: string) =>
  `const start = performance.now(); ${imports}; ${work}; console.log(performance.now() - start);`;

const asEsm = { flags: ["--input-type=module"], take: (names: string, from: string) => `const ${names} = await import("${from}")` };
const asCjs = { flags: ["--input-type=commonjs"], take: (names: string, from: string) => `const ${names} = require("${from}")` };

/** Compares importing endow, declaring and loading 20 settings with importing zod, declaring and parsing the same object. */
export const load = async (): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for (const [name, { flags, take }] of Object.entries({ ESM: asEsm, CommonJS: asCjs })) {
    const ours = timed(
      `${take("{ z }", "zod")}; ${take("{ settings, loadSync }", "endow")}`,
      `loadSync(settings("bench", { ${shape(FIELDS)} }), { env: ${texts} })`,
    );
    const theirs = timed(take("{ z }", "zod"), `z.object({ ${shape(FIELDS)} }).parse(${values})`);
    const { a, b, ratio } = await paired(
      15,
      () => inFreshProcess(ours, flags, root),
      () => inFreshProcess(theirs, flags, root),
    );
    rows.push({ what: `import endow + load() of ${FIELDS} settings, ${name}`, value: a, unit: "ms" });
    rows.push({ what: `import zod + parse() of the same, ${name}`, value: b, unit: "ms" });
    rows.push({ what: `ratio, ${name}`, value: ratio, unit: "x", goal: "at most 1.15x" });
  }
  return rows;
};
