import { z } from "zod";
import { apiKeys, loadSync, postgresUrl, secret, settings, type Group } from "../lib";
import { plan } from "../lib/plan";
import type { Shape } from "../lib/config";
import { linesIn } from "../lib/workspace/dotenv/lines";
import { dotenv } from "../lib/workspace/dotenv/node";
import { pythonDotenv } from "../lib/workspace/dotenv/python";
import { dotenvText } from "../lib/cli/dotenv";
import { table } from "../lib/cli/table";
import { maskOf } from "../lib/mask";
import { figure, type Row } from "./measure";

const RUNS = 9;
const TIMES = 10;

const loading = (group: Group, name: string, text: string) => () => {
  try {
    loadSync(group, { env: { [name]: text }, environment: "production" });
  } catch {
    // Most of these are refused; the time that takes is measured.
  }
};

const [number, key, keys, database] = [
  settings("shared", { port: z.number() }),
  settings("shared", { signing: secret() }),
  settings("shared", { apiKeys: apiKeys() }),
  settings("shared", { databaseUrl: postgresUrl() }),
] as const;

/** Work on a text or list of a given length, chosen so that a pairwise comparison of its parts would take quadratic time. */
const works: Readonly<Record<string, (length: number) => () => unknown>> = {
  "an invalid number": (length) => loading(number, "PORT", `${"1".repeat(length * 10)}x`),
  "a secret of digits": (length) => loading(key, "SIGNING", `${"1".repeat(length * 10)}x`),
  "a URL with many hosts": (length) => loading(database, "DATABASE_URL", `postgresql://u:p@${"a:1,".repeat(length)}b/d`),
  "API keys": (length) =>
    loading(keys, "API_KEYS", Array.from({ length: length / 10 }, (_, index) => `key-of-client-${index}:client-${index}`).join(",")),
  "a value written as dotenv text": (length) => {
    const values = { A: "$ {".repeat(length), B: "a ".repeat(length) };
    return () => dotenvText(values, [dotenv, pythonDotenv]);
  },
  "an .env file read": (length) => {
    const text = "A='1'\n".repeat(length / 10);
    return () => [linesIn(text), pythonDotenv.read([{ name: ".env", text }], {})];
  },
  "secrets masked in a text": (length) => {
    const secrets = Array.from({ length: length / 100 }, (_, index) => `sk-live-of-client-${index}-`);
    return () => maskOf(secrets)(secrets.join(" "));
  },
  "rows of a table": (length) => {
    const rows = Array.from({ length: length / 10 }, (_, index) => [`row ${index}`, index, "yes"]);
    return () => table(["name", "number", "there"], rows);
  },
  "a plan of settings that share one schema object": (length) => {
    const flag = z.boolean().default(false);
    const shape: Shape = Object.fromEntries(Array.from({ length: length / 100 }, (_, index) => [`flag${index}`, flag]));
    const groups = [settings<Shape>("shared", shape) as Group];
    return () => plan({ project: "bench", groups, environment: "production" });
  },
};

/** Measures how untrusted texts and long lists scale: the time per unit of length at ten times the length, relative to that at the length itself. */
export const long = (): readonly Row[] =>
  Object.entries(works).map(([what, make]) => {
    const [short, tenfold] = [make(100_000), make(100_000 * TIMES)];
    // The first pair is not counted.
    const ratios = Array.from({ length: RUNS + 1 }, () => [timeOf(short), timeOf(tenfold)] as const).slice(1);
    return {
      what: `${what}: time per length at ${TIMES} times the length`,
      value: figure(ratios.map(([one, ten]) => ten / one / TIMES)),
      unit: "x",
      goal: "1x: linear",
    };
  });

const timeOf = (work: () => unknown): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};
