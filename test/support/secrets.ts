import { appendFileSync } from "node:fs";

/**
 * Makes `npm test` fail if this value appears in the output of the run. Returns the value.
 * Rejects a value shorter than 8 characters, which could appear by chance.
 */
export const registerSecret = (value: string): string => {
  if (value.length < 8) throw new Error("a secret to look for needs at least 8 characters");
  const file = process.env["ENDOW_TEST_SECRETS"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  return value;
};
