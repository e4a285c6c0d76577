import { readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { codeOf, fault } from "../errors";

const lease = z.object({
  id: z.string(),
  kind: z.string(),
  server: z.string(),
  name: z.string(),
  /** The setting is gone from the declaration: its login is shut out, its data kept. */
  disabled: z.boolean().default(false),
  /** The login of a disabled lease could not be shut out yet, because its server did not run. */
  open: z.boolean().default(false),
});

const remoteLease = z.object({
  id: z.string(),
  /** `db.internal:5432` */
  server: z.string(),
  name: z.string(),
});

const record = z.object({
  version: z.literal(1),
  project: z.string(),
  /** Folder of the declaration. */
  root: z.string(),
  environment: z.string(),
  /** By server. */
  ports: z.record(z.string(), z.number().int().min(1).max(65_535)),
  leases: z.array(lease),
  /** What settings have on servers that somebody else runs, also after they were shut out there. */
  remote: z.array(remoteLease).default([]),
  /** Stands for this environment on such servers: no other has the same. */
  owner: z.string().optional(),
  /** By server: the name that the plan has for it. Here it keeps the one that it was made under. */
  names: z.record(z.string(), z.string()).default({}),
});

/** What an environment has on this machine, from one run to the next. No secrets. */
export type EnvironmentState = z.output<typeof record>;
export type LeaseState = z.output<typeof lease>;

const fileIn = (folder: string) => path.join(folder, "environment.json");

/** @throws EndowError `RECORD_DAMAGED`, `RECORD_UNREADABLE` */
export const readState = async (folder: string): Promise<EnvironmentState | undefined> => {
  const file = fileIn(folder);
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return record.parse(JSON.parse(text));
  } catch {
    throw fault(
      "RECORD_DAMAGED",
      `${file} is not what endow wrote there`,
      "move the file away and start again: servers and data are found by name, only the ports change",
      file,
    );
  }
};

const readIfThere = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw fault(
      "RECORD_UNREADABLE",
      `${file} cannot be read (${codeOf(error) ?? "unknown reason"})`,
      "make it readable for this user",
      file,
    );
  }
};

export const writeState = (folder: string, content: EnvironmentState): Promise<void> =>
  writeFileAtomic(fileIn(folder), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
