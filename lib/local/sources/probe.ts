import type { Program, ProgramRequest } from "../recipe";
import { run } from "./run";
import type { Unavailable } from "./source";
import { isAtLeast, otherVersion } from "./version";

/** How to get a program's version. */
export interface Probe {
  /** @default ["--version"] */
  readonly versionArguments?: readonly string[];
  /** Its first group captures the version in the program's output. */
  readonly versionPattern: RegExp;
  /** The oldest version that the recipe supports. */
  readonly oldest?: string;
}

const TEN_SECONDS = 10_000;

/** Runs a program to get its version. Returns a reason if it fails or its output does not match. */
export const probed = async (
  file: string,
  { versionArguments = ["--version"], versionPattern, oldest = "0" }: Probe,
  request: ProgramRequest,
): Promise<Omit<Program, "source"> | Unavailable> => {
  const printed = await run(file, versionArguments, { signal: request.signal, timeout: TEN_SECONDS }).catch((error: Error) => error);
  request.signal.throwIfAborted();
  if (printed instanceof Error) return { reason: printed.message };
  const version = versionPattern.exec(printed)?.[1];
  if (version === undefined) return { reason: `\`${versionArguments.join(" ")}\` does not print a version` };
  if (!isAtLeast(version, oldest)) return { reason: `it has version ${version}, but at least ${oldest} is required` };
  return otherVersion(version, request.version) ?? { path: file, version, environment: {} };
};
