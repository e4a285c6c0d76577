/** The lines that are printed by `console.log` while something works: what a program says to Pulumi's log, where no engine runs. */
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
