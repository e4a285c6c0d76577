import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { codeOf, EndowError, type Problem } from "../../errors";

const run = promisify(execFile);

/** What a program is started with. Both count, and so do the variables' names. */
export interface Started {
  /** As errors call it. */
  readonly name: string;
  readonly command: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * Passes what the system can start a program with. The system itself is asked, by a shell that does nothing: its limits depend on the size of its pages
 * and of stacks.
 *
 * @throws EndowError `VARIABLE_TOO_LARGE`, `PARAMETER_TOO_LARGE`, `ENVIRONMENT_TOO_LARGE`
 */
export const checkSize = async (started: Started): Promise<void> => {
  try {
    await run("/bin/sh", ["-c", ":", ...started.command], { env: started.variables });
  } catch (error) {
    // Whatever else may be wrong, the start itself tells.
    if (codeOf(error) === "E2BIG") throw tooLarge(started);
  }
};

/** Why the system refused to start a program, with E2BIG. */
export const tooLarge = ({ name, command, variables }: Started): EndowError => {
  const parameters = command.map((text, index) => ({ name: index === 0 ? "the program" : `parameter ${index}`, size: sizeOf(text) }));
  const given = Object.entries(variables).flatMap(([variable, value]) =>
    value === undefined ? [] : [{ name: variable, size: sizeOf(`${variable}=${value}`) }],
  );
  const most = largest();
  const problems = [
    ...given.filter(({ size }) => size > most).map((item) => variableTooLarge(item, most)),
    ...parameters.filter(({ size }) => size > most).map((item) => parameterTooLarge(item, command[0] ?? "", most)),
  ];
  const all = problems.length > 0 ? problems : [togetherTooLarge([...parameters, ...given], given)];
  return new EndowError(all[0]?.code ?? "", `${name} cannot be started:`, all);
};

interface Item {
  readonly name: string;
  /** Bytes, with the one that ends it. */
  readonly size: number;
}

const sizeOf = (text: string): number => Buffer.byteLength(text) + 1;

const variableTooLarge = ({ name, size }: Item, most: number): Problem => ({
  code: "VARIABLE_TOO_LARGE",
  path: name,
  message: `${name} has ${shown(size)} bytes, and Linux takes at most ${shown(most)} for one variable`,
  fix: intoFile(name),
});

const parameterTooLarge = ({ name, size }: Item, program: string, most: number): Problem => ({
  code: "PARAMETER_TOO_LARGE",
  path: "command",
  message: `${name} of ${program} has ${shown(size)} bytes, and Linux takes at most ${shown(most)} for one parameter`,
  fix: "put it into a file, and give the program the file's path",
});

const togetherTooLarge = (all: readonly Item[], variables: readonly Item[]): Problem => {
  const most = mostTogether();
  const total = all.reduce((sum, { size }) => sum + size, 0);
  const three = variables.toSorted((a, b) => b.size - a.size).slice(0, 3);
  return {
    code: "ENVIRONMENT_TOO_LARGE",
    path: three[0]?.name ?? "command",
    message:
      `its parameters and variables have ${shown(total)} bytes together, and the system takes ` +
      `${most === undefined ? "fewer" : `at most ${shown(most)}`}; the largest: ${three.map(({ name, size }) => `${name} (${shown(size)} bytes)`).join(", ")}`,
    fix: three[0] ? intoFile(three[0].name) : "give the program fewer parameters",
  };
};

const intoFile = (name: string): string =>
  `put the value into a file, and set ${name}_FILE to its path, which load() reads; an app without load() has to read the file itself`;

const shown = (bytes: number): string => bytes.toLocaleString("en");

/** Of one parameter or variable: 32 pages on Linux, see execve(2); other systems have no such limit. */
const largest = (): number => (process.platform === "linux" ? 32 * (configured("PAGESIZE") ?? 4096) : Number.POSITIVE_INFINITY);

/** Linux takes a quarter of what a stack may have, but never more than 6 MiB. */
const mostTogether = (): number | undefined => {
  const most = configured("ARG_MAX");
  return most === undefined || process.platform !== "linux" ? most : Math.min(most, 6 * 1024 * 1024);
};

const configured = (name: string): number | undefined => {
  try {
    return Number(execFileSync("getconf", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })) || undefined;
  } catch {
    return undefined;
  }
};
