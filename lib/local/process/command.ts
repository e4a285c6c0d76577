import { constants, statSync } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";
import { fault } from "../../errors";

/** A requested command, its working folder and its PATH. */
export interface CommandRequest {
  readonly name: string;
  readonly command: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** The PATH to search for the program. */
  readonly searched: string;
}

/** @throws EndowError `WORKING_FOLDER_NOT_FOUND`, `COMMAND_NOT_FOUND` */
export const checkCommand = async ({ name, command: [program = ""], cwd, searched }: CommandRequest): Promise<void> => {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory())
    throw fault(
      "WORKING_FOLDER_NOT_FOUND",
      `the working folder of ${name}, ${cwd}, is not a folder`,
      "create the folder, or correct `cwd`",
      "cwd",
    );
  const places = program.includes("/") ? [program] : searched.split(path.delimiter).map((folder) => path.join(folder, program));
  const found = await Promise.all(places.map((place) => isProgram(path.resolve(cwd, place))));
  if (!found.includes(true))
    throw fault(
      "COMMAND_NOT_FOUND",
      `the program ${JSON.stringify(program)} of ${name} was not found`,
      "correct the command, or install the program",
      "command",
    );
};

const isProgram = async (file: string): Promise<boolean> => {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
};
