import { existsSync } from "node:fs";

/** The names of a program's package in the package managers that people have. */
export interface InstallNames {
  /** Debian and Ubuntu. */
  readonly apt?: string;
  /** Homebrew. */
  readonly brew?: string;
}

/** The command that installs a program on this machine; `undefined` where no package manager here is known to have it. */
export const installCommand = ({ apt, brew }: InstallNames): string | undefined => {
  if (process.platform === "darwin") return brew === undefined ? undefined : `brew install ${brew}`;
  const hasApt = process.platform === "linux" && existsSync("/usr/bin/apt-get");
  return hasApt && apt !== undefined ? `sudo apt-get install ${apt}` : undefined;
};
