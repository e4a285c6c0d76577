import { readFileSync } from "node:fs";
import path from "node:path";
import { parse as parseToml } from "smol-toml";
import type * as Yaml from "yaml";
import { z } from "zod/v4";
import { codeOf, fault } from "../errors";
import { once } from "../internal/once";
import { issuesText } from "../internal/issues-text";

const schemas = once(() => {
  const endow = z.object({ settings: z.string(), project: z.string(), workspace: z.boolean() }).partial();
  const globs = z.array(z.string().max(1_000));
  return {
    packageJson: z.object({
      name: z.string().optional(),
      endow: endow.optional(),
      // Yarn and Bun also take an object.
      workspaces: z.union([globs, z.object({ packages: globs.optional() })]).optional(),
    }),
    pyproject: z.object({
      project: z.object({ name: z.string().optional() }).optional(),
      tool: z
        .object({
          endow: endow.optional(),
          uv: z.object({ workspace: z.object({ members: globs, exclude: globs }).partial().optional() }).optional(),
        })
        .optional(),
    }),
    pnpmWorkspace: z.object({ packages: globs.nullish() }).nullable(),
  };
});

/** Text and the file that it comes from. */
export interface Configured {
  readonly text: string;
  readonly file: string;
}

/** Options in a folder's manifests: `"endow": { ... }` in package.json, and `[tool.endow]` in pyproject.toml. */
export interface Manifest {
  /** The app's name in npm or Python. */
  readonly name?: string | undefined;
  /** The settings file, relative to the folder. */
  readonly settings?: Configured | undefined;
  readonly project?: Configured | undefined;
  /**
   * Whether the package belongs to the workspace that lists it.
   * @default true
   */
  readonly workspace: boolean;
}

/** Globs of a workspace's folders. */
export interface Members {
  readonly globs: readonly string[];
  /** Globs of folders to exclude. */
  readonly except: readonly string[];
}

/**
 * Reads package.json and pyproject.toml; both may be absent.
 *
 * @throws EndowError `MANIFEST_INVALID`
 */
export const readManifest = (folder: string): Manifest => {
  const node = readNode(folder);
  const python = readPython(folder);
  const configured = (option: "settings" | "project"): Configured | undefined => {
    const [inNode, inPython] = [node?.endow?.[option], python?.tool?.endow?.[option]];
    if (inNode !== undefined) return { text: inNode, file: path.join(folder, PACKAGE_JSON) };
    return inPython === undefined ? undefined : { text: inPython, file: path.join(folder, PYPROJECT) };
  };
  return {
    name: node?.name ?? python?.project?.name,
    settings: configured("settings"),
    project: configured("project"),
    workspace: node?.endow?.workspace ?? python?.tool?.endow?.workspace ?? true,
  };
};

/**
 * Reads the workspaces of npm, pnpm, Yarn, Bun and uv with their root in a folder.
 *
 * @param isRead whether to read a manifest
 * @throws EndowError `MANIFEST_INVALID`
 */
export const readMembers = (folder: string, isRead: (file: string) => boolean): readonly Members[] => {
  const readIf = <T>(name: string, read: (folder: string) => T) => (isRead(path.join(folder, name)) ? read(folder) : undefined);
  const workspaces = readIf(PACKAGE_JSON, readNode)?.workspaces ?? [];
  const npm = "packages" in workspaces ? (workspaces.packages ?? []) : Array.isArray(workspaces) ? workspaces : [];
  const pnpm = readIf(PNPM_WORKSPACE, readPnpm)?.packages ?? [];
  const uv = readIf(PYPROJECT, readPython)?.tool?.uv?.workspace;
  return [
    ...(npm.length > 0 ? [{ globs: npm, except: [] }] : []),
    ...(pnpm.length > 0
      ? [{ globs: pnpm.filter((glob) => !isExclusion(glob)), except: pnpm.filter(isExclusion).map((glob) => glob.slice(1)) }]
      : []),
    ...(uv ? [{ globs: uv.members ?? [], except: (uv.exclude ?? []).flatMap(withInner) }] : []),
  ];
};

/** A trailing star in uv's exclusions also matches nested folders. */
const withInner = (glob: string): readonly string[] => (glob.endsWith("*") ? [glob, `${glob}/**`] : [glob]);

/** In pnpm, an exclusion applies regardless of order; in npm, a later glob can include the folder again. */
const isExclusion = (glob: string): boolean => glob.startsWith("!");

export const PACKAGE_JSON = "package.json";
export const PYPROJECT = "pyproject.toml";
const PNPM_WORKSPACE = "pnpm-workspace.yaml";

const readNode = (folder: string) => read(path.join(folder, PACKAGE_JSON), schemas().packageJson, JSON.parse);
const readPython = (folder: string) => read(path.join(folder, PYPROJECT), schemas().pyproject, parseToml);
const readPnpm = (folder: string) =>
  read(path.join(folder, PNPM_WORKSPACE), schemas().pnpmWorkspace, (text) => {
    // Loaded on use: Pulumi programs read manifests too, and few have this one.
    const { parse } = require("yaml") as typeof Yaml;
    return parse(text) as unknown;
  });

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
