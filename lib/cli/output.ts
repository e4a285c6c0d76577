import { writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { createColors, isColorSupported } from "picocolors";
import { codeOf, type EndowError, fault } from "../errors";

/**
 * Data, for programs and for files: standard output.
 *
 * @throws EndowError `OUTPUT_FAILED` where it is a file that does not take all of it; a pipe tells by `outputFailure`
 */
export const print = (text: string): void => write(text.endsWith("\n") ? text : `${text}\n`);

/** Talk, for people: standard error. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** Colors for standard error; none when it is no terminal. */
export const colors = createColors(isColorSupported && process.stderr.isTTY);

/** How a secret is shown. */
export const MASK = "***";

/** Whoever read standard output has had enough: `endow logs --follow | head -1`. */
export class OutputClosed extends Error {
  constructor() {
    super("nobody reads standard output any more");
    this.name = "OutputClosed";
  }
}

let fail: (reason: EndowError | OutputClosed) => void = () => undefined;

/** Rejects once standard output takes no more, with `OutputClosed` or an EndowError `OUTPUT_FAILED`. Never resolves. */
export const outputFailure = new Promise<never>((_resolve, reject) => {
  fail = reject;
});
// Whoever awaits it sees the error.
outputFailure.catch(() => undefined);

/** Resolves when pipes and terminals have taken all that was written: a process that exits before takes the rest along. */
export const flushed = async (): Promise<void> => {
  await Promise.all([process.stdout, process.stderr].map(taken));
};

const taken = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => (stream instanceof Socket ? stream.write("", () => resolve()) : resolve()));

const STANDARD_OUTPUT = 1;

const write = (text: string): void => {
  if (process.stdout instanceof Socket) {
    process.stdout.write(text, (error) => error && fail(reasonOf(error)));
    return;
  }
  try {
    // Node's stream for files passes over that only a part was taken, as by a disk that fills up.
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
        `standard output could not be written (${codeOf(error) ?? "unknown reason"})`,
        "make room, or write to another place; what is there now is incomplete",
        "standard output",
      );
