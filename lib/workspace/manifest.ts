import { readFileSync } from "node:fs";
import path from "node:path";
import { parse as parseToml } from "smol-toml";
import { z } from "zod/v4";
import { codeOf, fault } from "../errors";
import { issuesText } from "../internal/issues-text";

const packageJson = z.object({
  name: z.string().optional(),
  endow: z.object({ settings: z.string().optional() }).optional(),
});

const pyproject = z.object({ project: z.object({ name: z.string().optional() }).optional() });

/** What an app's manifests declare. */
export interface Manifest {
  /** The app's name in npm or Python. */
  readonly name?: string | undefined;
  /** The settings file, relative to the root: package.json `"endow": { "settings": "..." }`. */
  readonly settings?: string | undefined;
}

/**
 * Reads package.json and pyproject.toml; both may be absent.
 *
 * @throws EndowError `MANIFEST_INVALID`
 */
export const readManifest = (root: string): Manifest => {
  const node = read(path.join(root, "package.json"), packageJson, JSON.parse);
  const python = read(path.join(root, "pyproject.toml"), pyproject, parseToml);
  return { name: node?.name ?? python?.project?.name, settings: node?.endow?.settings };
};

const read = <T>(file: string, schema: z.ZodType<T>, parse: (text: string) => unknown): T | undefined => {
  try {
    return schema.parse(parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw fault("MANIFEST_INVALID", `${file} cannot be read: ${reasonOf(error)}`, "correct the file", file);
  }
};

const reasonOf = (error: unknown): string => {
  if (error instanceof z.ZodError) return issuesText(error);
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : "unknown reason";
};
