import ora from "ora";
import { say } from "./output";

/** Milliseconds that something may take before a person is told what goes on. */
const PATIENCE = 1_000;

/**
 * Shows what is going on, on standard error, once that takes longer than a moment: a spinner on a terminal, plain lines elsewhere.
 * The work is handed a function that says what it does now.
 */
export const withProgress = async <T>(title: string, work: (update: (message: string) => void) => Promise<T>): Promise<T> => {
  const show = process.stderr.isTTY ? spinner() : lines();
  const late = setTimeout(() => show.update(title), PATIENCE);
  try {
    return await work((message) => {
      clearTimeout(late);
      show.update(message);
    });
  } finally {
    clearTimeout(late);
    show.stop();
  }
};

const lines = () => {
  let last = "";
  return {
    update: (message: string) => {
      if (message !== last) say(message);
      last = message;
    },
    stop: () => undefined,
  };
};

const spinner = () => {
  // What a person types meanwhile is for the command that comes after.
  const shown = ora({ stream: ofSomeWidth(process.stderr), discardStdin: false });
  return {
    update: (message: string) => {
      shown.text = message;
      if (!shown.isSpinning) shown.start();
    },
    stop: () => {
      if (shown.isSpinning) shown.stop();
    },
  };
};

/**
 * A terminal that was never told its size, as in some containers and in CI, says that it has 0 columns. The spinner would take its text for one of
 * endlessly many lines, and clear them one by one: it has to find the width unknown instead, also after a change of size.
 */
const ofSomeWidth = (terminal: NodeJS.WriteStream): NodeJS.WriteStream => {
  let { columns } = terminal;
  return Object.defineProperty(terminal, "columns", {
    configurable: true,
    enumerable: true,
    get: () => columns || undefined,
    set: (changed: number) => {
      columns = changed;
    },
  });
};
