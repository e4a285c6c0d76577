import path from "node:path";
import { fault } from "../errors";
import { isGroup, type Group } from "../settings";
import { CONVENTION, isFile, settingsOf } from "./convention";
import { loadFailure } from "./load-failure";
import { loadModule } from "./module";

export interface Places {
  readonly root: string;
  /** As given on the command line: absolute, or relative to `cwd`. */
  readonly given?: string | undefined;
  readonly cwd: string;
  /** From package.json, relative to the root. */
  readonly configured?: string | undefined;
}

/**
 * Finds the settings file: the given one, else the one that package.json names, else by convention.
 *
 * @throws EndowError `DECLARATION_NOT_FOUND`, which lists the paths tried.
 */
export const findDeclaration = ({ root, given, cwd, configured }: Places): string => {
  if (given !== undefined) return existing(path.resolve(cwd, given), "--settings names it");
  if (configured !== undefined) return existing(path.resolve(root, configured), 'package.json "endow" names it');
  const found = settingsOf(root);
  if (found !== undefined) return found;
  throw fault(
    "DECLARATION_NOT_FOUND",
    `no settings file was found in ${root}: looked for ${CONVENTION}`,
    'name the file with --settings, or in package.json with "endow": { "settings": "path/to/file.ts" }',
    root,
  );
};

const existing = (file: string, why: string): string => {
  if (isFile(file)) return file;
  throw fault("DECLARATION_NOT_FOUND", `there is no file ${file}, but ${why}`, "correct the path", file);
};

/**
 * Loads the groups that a settings file exports, each once, in the order of its exports.
 *
 * @param redact masks secrets in the messages of errors that the file throws.
 * @throws SettingsError `DECLARATION_INVALID`, as thrown by `settings()`.
 * @throws EndowError `DECLARATION_NOT_COMPILED`, `DECLARATION_THROWS`, `DECLARATION_IMPORT`, `DECLARATION_LOADS`, `DECLARATION_EMPTY`
 */
export const loadDeclaration = async (file: string, redact: (text: string) => string): Promise<readonly Group[]> => {
  const exported = await loadModule(file).catch((error: unknown) => {
    throw loadFailure(file, error, redact);
  });
  const groups = [...new Set([exported, ...Object.values(exported)].flatMap(groupsIn))];
  if (groups.length > 0) return groups;
  const names = Object.keys(exported);
  throw fault(
    "DECLARATION_EMPTY",
    `${file} exports no settings group: it exports ${names.length === 0 ? "nothing" : names.join(", ")}`,
    'export what settings() returns: export const shared = settings("shared", { ... })',
    file,
  );
};

/** The groups in an export: a group itself, or an array or object of groups. */
const groupsIn = (value: unknown): readonly Group[] => {
  if (isGroup(value)) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).filter(isGroup) : [];
};
