import { randomUUID } from "node:crypto";
import path from "node:path";
import { shellQuote } from "../../internal/shell-quote";
import { readOwnFile, writeOwnFile } from "../../files/own-file";

type Variables = Readonly<Record<string, string>>;

/** A file of variables for a shell to read, and a random revision that changes with them but does not reveal them. */
export interface KeptVariables {
  readonly file: string;
  readonly revision: string;
}

/** Writes a process's variables to its folder (0600): secrets must appear neither in its service nor in its arguments. */
export const keepVariables = async (folder: string, variables: Variables): Promise<KeptVariables> => {
  const file = path.join(folder, "variables.sh");
  const assignments = assignmentsOf(variables);
  const [first = "", ...rest] = (readOwnFile(file) ?? "").split("\n");
  const known = /^# ([0-9a-f-]{36})$/.exec(first)?.[1];
  if (known !== undefined && rest.join("\n") === assignments) return { file, revision: known };
  const revision = randomUUID();
  await writeOwnFile(file, `# ${revision}\n${assignments}`);
  return { file, revision };
};

/** Formats variables for a POSIX shell; every value is quoted. */
export const assignmentsOf = (variables: Variables): string =>
  Object.entries(variables)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${shellQuote(value)}\n`)
    .join("");
