// @ts-check
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { checked, skippedFor } from "./summary.mjs";

const MASK = "<registered secret>";

/** The file to which `registerSecret` of test/support/secrets.ts appends values: one JSON string per line. @param {string} folder */
export const secretsFile = (folder) => path.join(folder, "private", "secrets");

/** @param {{ folder: string, printed: string }} run */
export const secrets = async ({ folder, printed }) => {
  const file = secretsFile(folder);
  if (!existsSync(file)) return skippedFor("secrets: no test that ran registered one");
  const lines = leaks(
    printed,
    readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
  return checked(lines.length === 0, ["these lines were printed:", ...lines, ""].join("\n"));
};

/**
 * The lines of a text that contain one of the values, as is, in a URL, in JSON or as base64; with the value masked.
 * @param {string} text @param {readonly string[]} values
 */
export const leaks = (text, values) => {
  const masked = [...new Set(values.flatMap(formsOf))].reduce((rest, form) => rest.replaceAll(form, MASK), text);
  return masked === text ? [] : masked.split("\n").filter((line) => line.includes(MASK));
};

/** @param {string} value */
const formsOf = (value) => [
  value,
  encodeURIComponent(value),
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString("base64").replace(/=+$/, ""),
];
