import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse as parseToml } from "smol-toml";
import { bun } from "./dotenv/bun";
import { compose } from "./dotenv/compose";
import type { Dialect } from "./dotenv/dialect";
import { dotenv, dotenvExpand, dotenvFlow, dotenvx, next, node, oldDotenv, oldDotenvExpand, vite, viteBefore8 } from "./dotenv/node";
import { decouple, djangoEnviron, environs, pydanticSettings, pythonDotenv } from "./dotenv/python";
import { upwards } from "./root";

/** A library with which an app reads its dotenv files. */
export interface Reader extends Dialect {
  /** The files it reads during development, in order of precedence. */
  readonly files: readonly string[];
  /** Whether it passes a variable of that name to the app. */
  readonly gives: (variable: string) => boolean;
  /** Whether it reads them for processes other than the app's, so its reading only has to agree. */
  readonly onlyAgrees: boolean;
  /** Whether it also finds the root's files from a folder below. */
  readonly looksUpwards: boolean;
}

/**
 * The libraries that an app's manifests list: package.json, its scripts, bun's lock file, pyproject.toml, Pipfile and requirements*.txt; and docker compose,
 * if one of its files names them.
 *
 * @param nodeEnv the process's NODE_ENV
 */
export const readersOf = (root: string, nodeEnv?: string): readonly Reader[] => {
  const node = nodePackages(root);
  return [...ofNode(root, node, nodeEnv), ...ofPython(pythonPackages(root)), ...ofCompose(root)];
};

const ALL_FOUR = [".env.development.local", ".env.local", ".env.development", ".env"] as const;

const reader = (dialect: Dialect, files: readonly string[] = [".env"], more: Partial<Reader> = {}): Reader => ({
  ...dialect,
  files,
  gives: () => true,
  onlyAgrees: false,
  looksUpwards: false,
  ...more,
});

// --- Node

interface NodePackages {
  /** Version ranges by name. */
  readonly ranges: ReadonlyMap<string, string>;
  readonly scripts: readonly string[];
  readonly manager: string;
}

const ofNode = (root: string, { ranges, scripts, manager }: NodePackages, nodeEnv: string | undefined): readonly Reader[] => {
  const major = (name: string): number => majorOf(root, name, ranges.get(name) ?? "");
  const has = (...names: readonly string[]): boolean => names.some((name) => ranges.has(name));
  const expands = has("dotenv-expand", "dotenv-cli");
  const plain = expands
    ? major("dotenv-expand") < 11
      ? oldDotenvExpand
      : dotenvExpand
    : has("dotenv") && major("dotenv") < 15
      ? oldDotenv
      : dotenv;
  const isDotenvx =
    has("@dotenvx/dotenvx") || (has("dotenv-expand") && Number.isFinite(major("dotenv-expand")) && major("dotenv-expand") >= 1000);
  const flow = nodeEnv === "development" ? [".env.development.local", ".env.development", ".env.local", ".env"] : [".env.local", ".env"];
  const envFiles = scripts.flatMap(envFilesOf);
  const usesBun =
    manager.startsWith("bun") || has("bun", "@types/bun", "bun-types") || isThere(root, "bun.lock") || isThere(root, "bun.lockb");
  return [
    ...(isDotenvx ? [reader(dotenvx)] : has("dotenv", "dotenv-cli", "dotenv-safe", "@nestjs/config") ? [reader(plain)] : []),
    ...(has("dotenv-flow") ? [reader(dotenvFlow, [...flow, ".env.defaults"])] : []),
    ...(has("next", "@next/env") ? [reader(next, ALL_FOUR)] : []),
    ...(has("vite")
      ? [reader(major("vite") < 8 ? viteBefore8 : vite, VITE_FILES, { gives: (variable) => variable.startsWith("VITE_") })]
      : []),
    ...(usesBun ? [reader(bun, ALL_FOUR)] : []),
    ...(envFiles.length > 0 ? [reader(node, envFiles)] : []),
  ];
};

const VITE_FILES = [".env.development.local", ".env.development", ".env.local", ".env"];

/** The files of `node --env-file=.env`; the last takes precedence. Files for other environments are not read. */
const envFilesOf = (script: string): readonly string[] =>
  [...script.matchAll(/--env-file(?:-if-exists)?[= ]["']?(?:\.\/)?([\w.-]+)/g)]
    .map(([, file = ""]) => file)
    .filter((file) => ALL_FOUR.some((name) => name === file))
    .toReversed();

const nodePackages = (root: string): NodePackages => {
  const manifest = recordOf(parsed(path.join(root, "package.json"), JSON.parse));
  const ranges = ["dependencies", "devDependencies", "optionalDependencies"].flatMap((list) => Object.entries(recordOf(manifest[list])));
  return {
    ranges: new Map(ranges.map(([name, range]) => [name, textIn(range)])),
    scripts: Object.values(recordOf(manifest["scripts"])).map(textIn),
    manager: textIn(manifest["packageManager"]),
  };
};

/** The installed version, else that of the range. Without a number, the newest version is assumed. */
const majorOf = (root: string, name: string, range: string): number => {
  const folders = upwards(root).map((folder) => path.join(folder, "node_modules", name, "package.json"));
  const installed = folders.map((file) => recordOf(parsed(file, JSON.parse))["version"]).find((version) => version !== undefined);
  return Number(/\d+/.exec(textIn(installed) || range)?.[0] ?? Number.POSITIVE_INFINITY);
};

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

// --- Python

const ofPython = (names: ReadonlySet<string>): readonly Reader[] => [
  ...(names.has("python-dotenv") ? [reader(pythonDotenv, [".env"], { looksUpwards: true })] : []),
  ...(names.has("pydantic-settings") ? [reader(pydanticSettings)] : []),
  ...(names.has("environs") ? [reader(environs, [".env"], { looksUpwards: true })] : []),
  ...(names.has("python-decouple") ? [reader(decouple, [".env"], { looksUpwards: true })] : []),
  ...(names.has("django-environ") ? [reader(djangoEnviron, [".env"], { looksUpwards: true })] : []),
];

/** Names as PEP 503 normalizes them. */
const pythonPackages = (root: string): ReadonlySet<string> => {
  const project = recordOf(parsed(path.join(root, "pyproject.toml"), parseToml));
  const pipfile = recordOf(parsed(path.join(root, "Pipfile"), parseToml));
  const [standard, tool] = [recordOf(project["project"]), recordOf(project["tool"])];
  const [poetry, uv] = [recordOf(tool["poetry"]), recordOf(tool["uv"])];
  const lists = [
    standard["dependencies"],
    ...Object.values(recordOf(standard["optional-dependencies"])),
    ...Object.values(recordOf(project["dependency-groups"])),
    uv["dev-dependencies"],
    ...requirements(root),
  ];
  const tables = [
    poetry["dependencies"],
    poetry["dev-dependencies"],
    ...Object.values(recordOf(poetry["group"])).map((group) => recordOf(group)["dependencies"]),
    pipfile["packages"],
    pipfile["dev-packages"],
  ];
  const listed = lists.flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []));
  const names = [...listed.flatMap(nameIn), ...tables.flatMap((table) => Object.keys(recordOf(table)))];
  return new Set(names.map((name) => name.toLowerCase().replaceAll(/[-_.]+/g, "-")));
};

/** `python-dotenv[cli]>=1 ; python_version > "3.8"` -> `python-dotenv` */
const nameIn = (requirement: unknown): readonly string[] =>
  typeof requirement === "string" ? (/^\s*[A-Za-z0-9][\w.-]*/.exec(requirement) ?? []).map((name) => name.trim()) : [];

/** The lines of `requirements.txt`, `requirements-dev.txt`, `requirements/base.txt` and similar. */
const requirements = (root: string): readonly (readonly string[])[] =>
  ["", "requirements"]
    .flatMap((folder) => namesIn(path.join(root, folder)).map((name) => path.join(folder, name)))
    .filter((file) => /^requirements.*\.txt$/.test(file))
    .map((file) => textOf(path.join(root, file))?.split(/\r?\n/) ?? []);

// --- docker compose

const ofCompose = (root: string): readonly Reader[] => {
  const texts = COMPOSE.map((name) => textOf(path.join(root, name)) ?? "").filter((text) => text.includes("env_file"));
  const files = ALL_FOUR.filter((file) =>
    texts.some((text) => new RegExp(`[\\s"'/:[]${file.replaceAll(".", String.raw`\.`)}["'\\s,\\]]`).test(`${text}\n`)),
  );
  return files.length > 0 ? [reader(compose, files, { onlyAgrees: true })] : [];
};

const COMPOSE = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

// --- files

/** Invalid manifests have already been reported. */
const parsed = (file: string, parse: (text: string) => unknown): unknown => {
  const text = textOf(file);
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const isThere = (root: string, name: string): boolean => namesIn(root).includes(name);
