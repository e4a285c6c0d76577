import path from "node:path";
import { EndowError } from "../errors";
import { knownEnvironments } from "../local/environments";
import { isFile } from "../workspace/convention";
import { PACKAGE_JSON, PYPROJECT } from "../workspace/manifest";
import { findWorkspace } from "../workspace/root";
import { type Worktree, worktreeOf } from "../workspace/worktree";
import type { AppPlace } from "./session";

/** Another environment that the user may be looking for. */
export interface Neighbour {
  readonly project: string;
  readonly environment: string;
  /** The environment's own folder. */
  readonly folder: string;
  readonly root: string;
  /**
   * `app`: shares the root. `package`: made for a package alone, before it joined the workspace. `worktree`: in another git worktree of the
   * repository.
   */
  readonly of: "app" | "package" | "worktree";
}

/** Finds the environments that share a root, a workspace or a git repository with this one. */
export const neighboursOf = async ({ app: { root }, folder: own }: AppPlace): Promise<readonly Neighbour[]> => {
  const here = worktreeOf(root);
  return (await knownEnvironments()).flatMap(({ project, environment, folder, root: place, gone }) => {
    if (folder === own || place === undefined || gone) return [];
    const of = relationOf(place, root, here);
    return of === undefined ? [] : [{ project, environment, folder, root: place, of }];
  });
};

const relationOf = (place: string, root: string, here: Worktree | undefined): Neighbour["of"] | undefined => {
  if (place === root) return "app";
  const there = worktreeOf(place);
  if (here && there?.repository === here.repository && there.folder !== here.folder) return "worktree";
  return isPackageOf(place, root) ? "package" : undefined;
};

const isPackageOf = (place: string, root: string): boolean => {
  try {
    return place.startsWith(root + path.sep) && findWorkspace(place) === root;
  } catch (error) {
    // Another package's broken manifest is that package's problem.
    if (error instanceof EndowError) return false;
    throw error;
  }
};

/** Notes for the user about the neighbours, one paragraph for each kind. */
export const notesOn = (neighbours: readonly Neighbour[], root: string): readonly string[] => {
  const [apps, packages, worktrees] = (["app", "package", "worktree"] as const).map((of) => neighbours.filter((each) => each.of === of));
  return [
    ...(apps?.length ? [`Other environments here: ${apps.map(titleOf).join(", ")}.`] : []),
    ...(packages ?? []).map((each) => formerNote(each, root)),
    ...(worktrees?.length
      ? [
          `Each git worktree has its own servers. Other worktrees of this repository:\n${worktrees.map((each) => `  ${titleOf(each)} in ${each.root}`).join("\n")}`,
        ]
      : []),
  ];
};

/** An environment from before its package joined the workspace is no longer used: its data must not seem lost. */
export const formerNote = (each: Pick<Neighbour, "project" | "environment" | "root" | "folder">, root: string): string => {
  const place = path.relative(root, each.root);
  const isPython = !isFile(path.join(each.root, PACKAGE_JSON)) && isFile(path.join(each.root, PYPROJECT));
  const option = isPython
    ? `workspace = false under [tool.endow] in ${path.join(place, PYPROJECT)}`
    : `"endow": { "workspace": false } in ${path.join(place, PACKAGE_JSON)}`;
  return (
    `${titleOf(each)} was made for ${place} alone, before the package joined the workspace ${root}; its data is still in ` +
    `${each.folder}. To use it, or to copy or delete its data, set ${option}.`
  );
};

const titleOf = ({ project, environment }: Pick<Neighbour, "project" | "environment">): string => `${project} (${environment})`;
