import path from "node:path";
import { fault } from "../errors";
import { isGroup, type Group } from "../settings";
import { CONVENTION, isFile, settingsOf } from "./convention";
import { loadFailure } from "./load-failure";
import { readManifest } from "./manifest";
import { loadModule } from "./module";
import { upwards } from "./root";

export interface Places {
  /** Absolute: the app's package. */
  readonly folder: string;
  /** Absolute: the workspace's root, else the package. */
  readonly root: string;
  /** As given on the command line: absolute, or relative to `cwd`. */
  readonly given?: string | undefined;
  readonly cwd: string;
}

/**
 * Finds the settings file: the given one, else the one named in the manifest of the package or the workspace's root, else by convention in the
 * package and upwards to the root.
 *
 * @throws EndowError `DECLARATION_NOT_FOUND`, which lists the paths tried, `MANIFEST_INVALID`
 */
export const findDeclaration = ({ folder, root, given, cwd }: Places): string => {
  if (given !== undefined) return existing(path.resolve(cwd, given), "--settings names it");
  const configured = readManifest(folder).settings ?? readManifest(root).settings;
  if (configured !== undefined)
    return existing(path.resolve(path.dirname(configured.file), configured.text), `"endow" in ${configured.file} names it`);
  const places = upwards(folder).filter((place) => place === folder || isInside(place, root));
  const found = places.map(settingsOf).find((file) => file !== undefined);
  if (found !== undefined) return found;
  throw fault(
    "DECLARATION_NOT_FOUND",
    `no settings file was found in ${folder}${folder === root ? "" : ` or above it, up to ${root}`}: looked for ${CONVENTION}`,
    'name the file with --settings, or in package.json with "endow": { "settings": "path/to/file.ts" }',
    folder,
  );
};

const isInside = (place: string, root: string): boolean => place === root || place.startsWith(root + path.sep);

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
