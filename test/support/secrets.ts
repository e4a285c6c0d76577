import { appendFileSync } from "node:fs";

/**
 * Has `npm test` fail when this value shows up in anything that the run printed. Returns the value.
 * A value of fewer than 8 characters would be found by chance and is refused.
 */
export const registerSecret = (value: string): string => {
  if (value.length < 8) throw new Error("a secret to look for needs at least 8 characters");
  const file = process.env["ENDOW_TEST_SECRETS"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  return value;
};
