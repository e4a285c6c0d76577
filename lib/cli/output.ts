import { writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { createColors, isColorSupported } from "picocolors";
import { codeOf, type EndowError, fault } from "../errors";

/**
 * Writes data, for programs and files, to standard output.
 *
 * @throws EndowError `OUTPUT_FAILED` if it is a file that cannot be written in full; a pipe fails through `outputFailure`
 */
export const print = (text: string): void => write(text.endsWith("\n") ? text : `${text}\n`);

/** Writes messages, for people, to standard error. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** Colors for standard error; none if it is not a terminal. */
export const colors = createColors(isColorSupported && process.stderr.isTTY);

/** Shown in place of a secret. */
export const MASK = "***";

/** The reader of standard output has closed it: `endow logs --follow | head -1`. */
export class OutputClosed extends Error {
  constructor() {
    super("standard output was closed by its reader");
    this.name = "OutputClosed";
  }
}

let fail: (reason: EndowError | OutputClosed) => void = () => undefined;

/** Rejects once standard output can no longer be written, with `OutputClosed` or an EndowError `OUTPUT_FAILED`. Never resolves. */
export const outputFailure = new Promise<never>((_resolve, reject) => {
  fail = reject;
});
// Not an unhandled rejection: `main` awaits it.
outputFailure.catch(() => undefined);

/** Resolves when pipes and terminals have accepted all output: a process that exits earlier loses the rest. */
export const flushed = async (): Promise<void> => {
  await Promise.all([process.stdout, process.stderr].map(drained));
};

const drained = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => (stream instanceof Socket ? stream.write("", () => resolve()) : resolve()));

const STANDARD_OUTPUT = 1;

const write = (text: string): void => {
  if (process.stdout instanceof Socket) {
    process.stdout.write(text, (error) => error && fail(reasonOf(error)));
    return;
  }
  try {
    // Node's file stream ignores partial writes, such as on a disk that fills up.
    writeFileSync(STANDARD_OUTPUT, text);
  } catch (error) {
    throw reasonOf(error);
  }
};

const reasonOf = (error: unknown): EndowError | OutputClosed =>
  codeOf(error) === "EPIPE"
    ? new OutputClosed()
    : fault(
        "OUTPUT_FAILED",
        `standard output cannot be written (${codeOf(error) ?? "unknown reason"})`,
        "free some disk space or write elsewhere; the output is incomplete",
        "standard output",
      );
