import ora from "ora";
import { say } from "./output";

/** Milliseconds before progress is shown. */
const PATIENCE = 1_000;

/**
 * Shows progress on standard error once the work takes longer than a moment: a spinner on a terminal, plain lines elsewhere.
 * The work receives a function that reports its current step.
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
  // Input typed in the meantime is for the next command.
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
 * A terminal whose size was never set, as in some containers and in CI, reports 0 columns. The spinner would compute an endless number of lines
 * and clear them one by one, so it must see an unknown width instead, also after a resize.
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
