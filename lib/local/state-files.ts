import { readdir } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod/v4";
import { codeOf, fault } from "../errors";
import { remoteIn, serversIn } from "./folder";
import { makeOwnFolder } from "../files/make-folders";
import { readOwnFile, writeOwnFile } from "../files/own-file";
import { type EnvironmentState, environmentSchema, FORMAT, remoteNoteSchema, serverNoteSchema } from "./state";

/**
 * Reads an environment's state: its own file, corrected and completed by the notes beside the data. `undefined` if nothing is recorded.
 *
 * @throws EndowError `RECORD_DAMAGED` if no file identifies some of the data, `FILE_UNREADABLE`, `NOT_TRUSTED`, `STATE_OUTDATED`, `STATE_NEWER`
 */
export const readState = async (folder: string): Promise<EnvironmentState | undefined> => (await load(folder)).state;

/**
 * Like `readState`, and repairs every file that is missing, damaged or outdated.
 *
 * @returns a message for the user if the environment's own file had to be rebuilt
 */
export const recoverState = async (folder: string): Promise<string | undefined> => {
  const { state, main, entries } = await load(folder);
  if (state === undefined) return undefined;
  await writeNotes(folder, state, entries);
  if (!isDeepStrictEqual(main, state)) await write(mainFile(folder), state);
  if (typeof main === "object") return undefined;
  const places = [...Object.values(state.servers).map(({ name }) => name), ...Object.values(state.remote).map(({ server }) => server)];
  return `${mainFile(folder)} was ${main} and has been rebuilt from the notes beside the data of ${[...new Set(places)].join(", ")}`;
};

/** Writes a changed state. The notes beside the data come first, so that the environment's own file can always be rebuilt. */
export const writeState = async (folder: string, before: EnvironmentState | undefined, after: EnvironmentState): Promise<void> => {
  await writeNotes(folder, after, new Map(before && entriesOf(folder, before)));
  await write(mainFile(folder), after);
};

interface Loaded {
  readonly state: EnvironmentState | undefined;
  /** The environment's own file. */
  readonly main: EnvironmentState | Unsound;
  /** Entries of the notes, by file. */
  readonly entries: ReadonlyMap<string, unknown>;
}

/** Why a file cannot be used. */
type Unsound = "missing" | "damaged";

const load = async (folder: string): Promise<Loaded> => {
  const main = read(mainFile(folder), environmentSchema);
  const base = typeof main === "object" ? main : undefined;
  const servers = await notesIn(serversIn(folder), serverNote, serverNoteSchema);
  const remote = await notesIn(remoteIn(folder), remoteNote, remoteNoteSchema);
  const unsound = [...servers.unsound, ...remote.unsound][0];
  if (base === undefined && unsound) throw unidentified(unsound.file, unsound.why);
  const notes = [...servers.sound, ...remote.sound];
  const [newest] = [...(base ? [base] : []), ...notes].toSorted((one, other) => other.revision - one.revision);
  const entries = new Map(notes.map(({ file, entry }) => [file, entry]));
  if (newest === undefined) return { state: undefined, main, entries };
  const { project, root, environment } = base ?? newest;
  const owner = base?.owner ?? remote.sound.find((note) => note.owner !== undefined)?.owner;
  const state: EnvironmentState = {
    version: FORMAT,
    revision: newest.revision,
    project,
    root,
    environment,
    servers: newestOf(base?.servers, base?.revision, servers.sound),
    remote: newestOf(base?.remote, base?.revision, remote.sound),
    ...(owner !== undefined && { owner }),
  };
  return { state, main, entries };
};

interface Note<T> {
  readonly revision: number;
  readonly project: string;
  readonly root: string;
  readonly environment: string;
  readonly owner?: string | undefined;
  readonly entry: T;
}

/** Takes each entry from the newest file. */
const newestOf = <T>(
  main: Readonly<Record<string, T>> = {},
  revision = -1,
  notes: readonly (Note<T> & { readonly name: string })[],
): Record<string, T> => ({
  ...main,
  ...Object.fromEntries(
    notes.filter((note) => note.revision > revision || !Object.hasOwn(main, note.name)).map(({ name, entry }) => [name, entry]),
  ),
});

/** Reads the notes in a folder's subfolders, skipping empty ones. */
const notesIn = async <T>(folder: string, fileName: string, schema: z.ZodType<Note<T>>) => {
  const names = (await entriesIn(folder)).filter((entry) => entry.isDirectory() && /^[a-z][a-z0-9_-]*$/.test(entry.name));
  const found = await Promise.all(
    names.map(async ({ name }) => {
      const file = path.join(folder, name, fileName);
      return { name, file, note: read(file, schema), isEmpty: (await entriesIn(path.dirname(file))).length === 0 };
    }),
  );
  return {
    sound: found.flatMap(({ name, file, note }) => (typeof note === "object" ? [{ ...note, name, file }] : [])),
    unsound: found.flatMap(({ file, note, isEmpty }) => (typeof note === "object" || isEmpty ? [] : [{ file, why: note }])),
  };
};

const mainFile = (folder: string): string => path.join(folder, "environment.json");

const serverNote = "server.json";
const remoteNote = "lease.json";

/** The notes to write, by file. */
const entriesOf = (folder: string, { servers, remote }: EnvironmentState): readonly (readonly [file: string, entry: object])[] => [
  ...Object.entries(servers).map(([name, entry]) => [path.join(serversIn(folder), name, serverNote), entry] as const),
  ...Object.entries(remote).map(([name, entry]) => [path.join(remoteIn(folder), name, remoteNote), entry] as const),
];

/** @param known current entries of the files */
const writeNotes = async (folder: string, state: EnvironmentState, known: ReadonlyMap<string, unknown>): Promise<void> => {
  const { servers: _, remote: __, ...common } = state;
  for (const [file, entry] of entriesOf(folder, state)) {
    if (isDeepStrictEqual(known.get(file), entry)) continue;
    await makeOwnFolder(path.dirname(file));
    await write(file, { ...common, entry });
  }
};

const write = (file: string, content: object): Promise<void> => writeOwnFile(file, `${JSON.stringify(content, null, 2)}\n`);

const read = <T>(file: string, schema: z.ZodType<T>): T | Unsound => {
  const text = readOwnFile(file);
  if (text === undefined) return "missing";
  const content = parsed(text);
  assertFormat(file, content);
  const { success, data } = schema.safeParse(content);
  return success ? data : "damaged";
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const assertFormat = (file: string, content: unknown): void => {
  const { version } = { version: FORMAT as unknown, ...(typeof content === "object" && content) };
  if (typeof version !== "number" || version === FORMAT) return;
  if (version > FORMAT)
    throw fault("STATE_NEWER", `${file} was written by a newer version of endow`, "update endow in this app, then run this again", file);
  throw fault(
    "STATE_OUTDATED",
    `${file} was written by an earlier version of endow, whose servers and data this version cannot use`,
    "copy the data you need with that version installed, then delete the environment with `endow dev --down`",
    file,
  );
};

const unidentified = (file: string, why: Unsound) =>
  fault(
    "RECORD_DAMAGED",
    `${file} is ${why}, and so is the environment's own file: the data beside it cannot be identified`,
    `restore the file from a backup, or move the folder ${path.dirname(file)} away: its settings then start empty`,
    file,
  );

const entriesIn = (folder: string) =>
  readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) return [];
    throw error;
  });
