import { createColors, isColorSupported } from "picocolors";

/** Data, for programs and for files: standard output. */
export const print = (text: string): void => void process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);

/** Talk, for people: standard error. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** Colors for standard error; none when it is no terminal. */
export const colors = createColors(isColorSupported && process.stderr.isTTY);

/** How a secret is shown. */
export const MASK = "***";
