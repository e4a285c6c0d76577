/** Captures the lines printed with `console.log` while `work` runs: a program's messages to Pulumi's log without an engine. */
export const printedBy = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
  const lines: string[] = [];
  const { log } = console;
  console.log = (...parts: readonly unknown[]) => void lines.push(parts.map(String).join(" "));
  try {
    await work();
  } finally {
    console.log = log;
  }
  return lines;
};
