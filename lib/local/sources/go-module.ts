import path from "node:path";
import { addToCache, findInCache } from "../cache";
import type { Program, ProgramRequest } from "../recipe";
import { onPath } from "./on-path";
import { run } from "./run";
import type { Source, Unavailable } from "./source";
import { otherVersion } from "./version";

export interface GoModule {
  /** Of the command: `github.com/versity/versitygw/cmd/versitygw`. */
  readonly package: string;
  /** Exact, without the `v`: `1.7.0`. */
  readonly version: string;
}

const TWENTY_MINUTES = 20 * 60 * 1000;

/**
 * A Go command, built once into the cache with the user's own Go. Go checks the source of the module, and of all it needs, against the
 * checksum database (sum.golang.org). It takes a minute or two, and Go keeps its own cache of what it built.
 */
export const goModule = (wanted: GoModule): Source => ({
  name: `Go module ${wanted.package}@v${wanted.version}`,
  find: async (request): Promise<Program | Unavailable> => {
    const mismatch = otherVersion(wanted.version, request.version);
    if (mismatch !== undefined) return mismatch;
    const executable = path.posix.basename(wanted.package);
    const key = { source: "go", name: wanted.package, version: `${wanted.version}-${process.platform}-${process.arch}`, executable };
    const entry = (await findInCache(key)) ?? (await built(key, wanted, request));
    if (!("folder" in entry)) return entry;
    return { path: path.join(entry.folder, executable), version: entry.programVersion, source: "go", environment: {} };
  },
});

const built = async (key: Parameters<typeof addToCache>[0], wanted: GoModule, request: ProgramRequest) => {
  const go = await toolchain.find({ progress: request.progress, signal: request.signal });
  if (!("path" in go)) return { reason: `it is built with Go, and ${go.reason}`, ...(go.fix !== undefined && { fix: go.fix }) };
  request.progress(`building ${wanted.package}@v${wanted.version} with Go ${go.version}, which takes a minute or two ...`);
  return addToCache(key, async (folder) => {
    await run(go.path, ["install", "-trimpath", `${wanted.package}@v${wanted.version}`], {
      signal: request.signal,
      timeout: TWENTY_MINUTES,
      folder,
      // Without cgo no C compiler is needed, and the program needs no library of this machine.
      environment: { GOBIN: folder, GOWORK: "off", CGO_ENABLED: "0" },
    });
    return wanted.version;
  });
};

/** 1.21 is the first that fetches the newer toolchain a module asks for. */
const toolchain = onPath({
  programs: ["go"],
  folders: ["/usr/local/go/bin"],
  versionArguments: ["version"],
  versionPattern: /go(\d+\.\d+(?:\.\d+)?)/,
  oldest: "1.21",
  install: { apt: "golang", brew: "go" },
});
