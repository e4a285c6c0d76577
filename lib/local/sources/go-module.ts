import path from "node:path";
import { onPath } from "./on-path";
import { pinned } from "./pinned";
import { run } from "./run";
import { type Source, SourceError } from "./source";

export interface GoModule {
  /** Package path of the command: `github.com/versity/versitygw/cmd/versitygw`. */
  readonly package: string;
  /** Exact, without the `v`: `1.7.0`. */
  readonly version: string;
}

const TWENTY_MINUTES = 20 * 60 * 1000;

/**
 * A Go command, built once into the cache with the user's own Go. Go verifies the sources of the module and its dependencies against its
 * checksum database. A build takes a minute or two, and Go keeps its own build cache.
 */
export const goModule = (wanted: GoModule): Source => {
  const module = `${wanted.package}@v${wanted.version}`;
  return pinned({
    name: `Go module ${module}`,
    key: {
      source: "go",
      name: wanted.package,
      version: `${wanted.version}-${process.platform}-${process.arch}`,
      executable: path.posix.basename(wanted.package),
    },
    programVersion: wanted.version,
    fill: async (folder, { progress, signal }) => {
      const go = await toolchain.find({ progress, signal });
      if (!("path" in go))
        throw new SourceError(
          `building it requires Go: ${go.reason}`,
          `install Go 1.21 or newer (${go.fix ?? "https://go.dev/dl"}), then run this again`,
        );
      progress(`building ${module} with Go ${go.version}, which takes a minute or two ...`);
      await run(go.path, ["install", "-trimpath", module], {
        signal,
        timeout: TWENTY_MINUTES,
        folder,
        // Without cgo the build needs no C compiler and the program needs no shared libraries.
        environment: { GOBIN: folder, GOWORK: "off", CGO_ENABLED: "0" },
      }).catch((error: Error) => {
        signal.throwIfAborted();
        throw new SourceError(error.message, `run \`go install ${module}\`, and add its target folder to PATH`);
      });
    },
  });
};

/** 1.21 is the first version that downloads the newer toolchain a module requires. */
const toolchain = onPath({
  programs: ["go"],
  folders: ["/usr/local/go/bin"],
  versionArguments: ["version"],
  versionPattern: /go(\d+\.\d+(?:\.\d+)?)/,
  oldest: "1.21",
  install: { brew: "go" },
});
