import { z } from "zod";
import { bucket, postgresUrl, secret, settings, type Group } from "../lib";
import { plan } from "../lib/plan";
import { figure, type Row } from "./measure";

const SETTINGS_PER_GROUP = 20;
const kinds = [() => z.string(), () => z.number().default(1), () => secret().optional(), () => postgresUrl(), () => bucket()];

const groupsOf = (count: number): readonly Group[] =>
  Array.from({ length: Math.ceil(count / SETTINGS_PER_GROUP) }, (_, group) =>
    settings(
      `group${group}`,
      Object.fromEntries(
        Array.from({ length: Math.min(SETTINGS_PER_GROUP, count) }, (_, index) => [
          `g${group}Setting${index}`,
          kinds[index % kinds.length]?.() ?? z.string(),
        ]),
      ),
    ),
  );

const timeOf = (groups: readonly Group[]): number => {
  const start = performance.now();
  plan({ project: "bench", groups, environment: "production" });
  return performance.now() - start;
};

/** Measures `plan()` of 10 to 10,000 settings, and how the time scales. */
export const plans = (): readonly Row[] => {
  const sizes = [10, 1_000, 10_000];
  const rows = sizes.map((size): Row => {
    const groups = groupsOf(size);
    timeOf(groups);
    return {
      what: `plan() of ${size.toLocaleString("en")} settings`,
      value: figure(Array.from({ length: 9 }, () => timeOf(groups))),
      unit: "ms",
      ...(size === 1_000 && { goal: "under 50 ms" }),
    };
  });
  const [, thousand, tenThousand] = rows;
  const growth = (tenThousand?.value.median ?? 0) / (thousand?.value.median ?? 1);
  return [...rows, { what: "time per setting, 10,000 relative to 1,000", value: figure([growth / 10]), unit: "x", goal: "1x: linear" }];
};
