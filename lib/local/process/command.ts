import { constants, statSync } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";
import { fault } from "../../errors";

/** A command as it is asked for: what it runs in, and the PATH that its program is looked for on. */
export interface CommandRequest {
  readonly name: string;
  readonly command: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly searched: string;
}

/** @throws EndowError `WORKING_FOLDER_NOT_FOUND`, `COMMAND_NOT_FOUND` */
export const checkCommand = async ({ name, command: [program = ""], cwd, searched }: CommandRequest): Promise<void> => {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory())
    throw fault("WORKING_FOLDER_NOT_FOUND", `${name} is to run in ${cwd}, which is no folder`, "make the folder, or correct `cwd`", "cwd");
  const places = program.includes("/") ? [program] : searched.split(path.delimiter).map((folder) => path.join(folder, program));
  const found = await Promise.all(places.map((place) => isProgram(path.resolve(cwd, place))));
  if (!found.includes(true))
    throw fault(
      "COMMAND_NOT_FOUND",
      `there is no program ${JSON.stringify(program)} for ${name} to run`,
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
