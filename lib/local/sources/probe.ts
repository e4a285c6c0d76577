import type { Program, ProgramRequest } from "../recipe";
import { run } from "./run";
import type { Unavailable } from "./source";
import { isAtLeast, otherVersion } from "./version";

/** How a program tells its version. */
export interface Probe {
  /** @default ["--version"] */
  readonly versionArguments?: readonly string[];
  /** Its first group is the version in what the program prints. */
  readonly versionPattern: RegExp;
  /** The oldest version that the recipe works with. */
  readonly oldest?: string;
}

const TEN_SECONDS = 10_000;

/** Runs a program to learn its version. A program that fails, or that prints something else, is a reason. */
export const probed = async (
  file: string,
  { versionArguments = ["--version"], versionPattern, oldest = "0" }: Probe,
  request: ProgramRequest,
): Promise<Omit<Program, "source"> | Unavailable> => {
  const printed = await run(file, versionArguments, { signal: request.signal, timeout: TEN_SECONDS }).catch((error: Error) => error);
  request.signal.throwIfAborted();
  if (printed instanceof Error) return { reason: printed.message };
  const version = versionPattern.exec(printed)?.[1];
  if (version === undefined) return { reason: `\`${versionArguments.join(" ")}\` prints no version` };
  if (!isAtLeast(version, oldest)) return { reason: `it has version ${version}, and ${oldest} is the oldest that will do` };
  return otherVersion(version, request.version) ?? { path: file, version, environment: {} };
};
