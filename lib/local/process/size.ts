import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { codeOf, EndowError, type Problem } from "../../errors";

const run = promisify(execFile);

/** A program's arguments and variables. Both count towards the limit, including the variables' names. */
export interface Started {
  /** Its name in errors. */
  readonly name: string;
  readonly command: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * Checks that the system can start a program with these arguments and variables, by starting a shell that does nothing: the limits depend on the
 * page size and the stack size.
 *
 * @throws EndowError `VARIABLE_TOO_LARGE`, `PARAMETER_TOO_LARGE`, `ENVIRONMENT_TOO_LARGE`
 */
export const checkSize = async (started: Started): Promise<void> => {
  try {
    await run("/bin/sh", ["-c", ":", ...started.command], { env: started.variables });
  } catch (error) {
    // Any other problem shows when the program itself is started.
    if (codeOf(error) === "E2BIG") throw tooLarge(started);
  }
};

/** Explains why the system refused to start a program with E2BIG. */
export const tooLarge = ({ name, command, variables }: Started): EndowError => {
  const parameters = command.map((text, index) => ({ name: index === 0 ? "the program" : `argument ${index}`, size: sizeOf(text) }));
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
  /** Bytes, including the terminating NUL. */
  readonly size: number;
}

const sizeOf = (text: string): number => Buffer.byteLength(text) + 1;

const variableTooLarge = ({ name, size }: Item, most: number): Problem => ({
  code: "VARIABLE_TOO_LARGE",
  path: name,
  message: `${name} has ${shown(size)} bytes, but Linux allows at most ${shown(most)} per variable`,
  fix: intoFile(name),
});

const parameterTooLarge = ({ name, size }: Item, program: string, most: number): Problem => ({
  code: "PARAMETER_TOO_LARGE",
  path: "command",
  message: `${name} of ${program} has ${shown(size)} bytes, but Linux allows at most ${shown(most)} per argument`,
  fix: "write it to a file, and pass the file's path to the program",
});

const togetherTooLarge = (all: readonly Item[], variables: readonly Item[]): Problem => {
  const most = mostTogether();
  const total = all.reduce((sum, { size }) => sum + size, 0);
  const three = variables.toSorted((a, b) => b.size - a.size).slice(0, 3);
  return {
    code: "ENVIRONMENT_TOO_LARGE",
    path: three[0]?.name ?? "command",
    message:
      `its arguments and variables total ${shown(total)} bytes, but the system allows ` +
      `${most === undefined ? "fewer" : `at most ${shown(most)}`}; the largest: ${three.map(({ name, size }) => `${name} (${shown(size)} bytes)`).join(", ")}`,
    fix: three[0] ? intoFile(three[0].name) : "pass fewer arguments to the program",
  };
};

const intoFile = (name: string): string =>
  `write the value to a file, and set ${name}_FILE to its path, which load() reads; an app without load() must read the file itself`;

const shown = (bytes: number): string => bytes.toLocaleString("en");

/** Limit for one argument or variable: 32 pages on Linux, see execve(2); other systems have no such limit. */
const largest = (): number => (process.platform === "linux" ? 32 * (configured("PAGESIZE") ?? 4096) : Number.POSITIVE_INFINITY);

/** Linux allows a quarter of the stack limit, but at most 6 MiB. */
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
