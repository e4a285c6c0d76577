import { existsSync } from "node:fs";

/** Names of a program's package in common package managers. */
export interface InstallNames {
  /** Debian and Ubuntu. */
  readonly apt?: string;
  /** Homebrew. */
  readonly brew?: string;
}

/** Returns the command that installs a program on this machine; `undefined` if no known package manager has it. */
export const installCommand = ({ apt, brew }: InstallNames): string | undefined => {
  if (process.platform === "darwin") return brew === undefined ? undefined : `brew install ${brew}`;
  const hasApt = process.platform === "linux" && existsSync("/usr/bin/apt-get");
  return hasApt && apt !== undefined ? `sudo apt-get install ${apt}` : undefined;
};
