import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { extract } from "tar";
import { PATIENCE } from "./supervised";

export const root = path.resolve(__dirname, "../../..");

/** A user's project in a temporary folder, with the package installed as by npm. */
export interface Project {
  readonly folder: string;
  /** Writes a file, and returns its path. */
  readonly write: (name: string, text: string) => string;
  /** Runs Node with only the given environment, and returns its output. */
  readonly node: (args: readonly string[], env?: Readonly<Record<string, string>>) => string;
  /**
   * Installs one of our development dependencies: `@pulumi/pulumi`.
   * @param below a folder of the project. Default: the project itself
   * @param as the name under which it is installed. Default: its own
   */
  readonly link: (name: string, below?: string, as?: string) => void;
  /** Installs a second copy of the package, or of zod, below a folder of the project. */
  readonly copy: (name: "endow" | "zod", below: string) => void;
  readonly remove: () => void;
}

/** Development dependencies that are versions of zod: the oldest that endow supports, the first zod 4, and the one used here. */
export type ZodVersion = "zod-3.25" | "zod-4.0" | "zod";

/** Packs `dist/` and installs the archive in a new project, with a version of zod. */
export const makeProject = async (zod: ZodVersion = "zod"): Promise<Project> => {
  if (!existsSync(path.join(root, "dist/index.js"))) throw new Error("dist/ is missing: run `npm run build` before these tests");
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), "endow-package-"));
  try {
    const modules = path.join(folder, "node_modules");
    mkdirSync(path.join(modules, "endow"), { recursive: true });
    await extract({ file: packed(root, folder), cwd: path.join(modules, "endow"), strip: 1 });
    link(folder, zod, "zod");
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  return {
    folder,
    write,
    node: (args, env = {}) => run(folder, args, env),
    link: (name, below = "", as = name) => link(path.join(folder, below), name, as),
    copy: (name, below) =>
      cpSync(realpathSync(path.join(folder, "node_modules", name)), path.join(folder, below, "node_modules", name), { recursive: true }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

const link = (folder: string, name: string, as: string): void => {
  const place = path.join(folder, "node_modules", as);
  mkdirSync(path.dirname(place), { recursive: true });
  symlinkSync(path.join(root, "node_modules", name), place, "junction");
};

const run = (cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: { PATH: process.env["PATH"], ...env },
    encoding: "utf8",
    timeout: PATIENCE,
  });
  // A line of a minified bundle is not useful.
  const lines = stderr.split("\n").filter((line) => line.length < 500);
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}:\n${lines.join("\n")}`);
  return stdout;
};

/** Makes the archive that `npm publish` would upload from a package's folder, without running its scripts. Returns its path in `folder`. */
export const packed = (source: string, folder: string): string => {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const answer = execFileSync(npm, ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: source,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [archive] = JSON.parse(answer) as readonly { readonly filename: string }[];
  if (!archive) throw new Error("npm pack created no archive");
  return path.join(folder, archive.filename);
};
