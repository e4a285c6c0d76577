// @ts-check
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./library.mjs";
import { VERSION, platform } from "./version.mjs";

const MODULE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const HALF_A_MINUTE = 30_000;
const HALF_AN_HOUR = 30 * 60_000;

/**
 * Built with the user's Go from the modules in go/go.mod. Go verifies them with go/go.sum, and downloads a newer Go if it is too old.
 * Needs no C compiler.
 * @type {import("./engine.mjs").Way}
 */
export const builtFromGo = {
  name: "built from its Go module",
  key: { source: "go", name: MODULE, version: `${VERSION}-${platform}`, executable: "bin/pulumi" },
  fill: async (folder, { progress, signal }) => {
    /** @type {import("../../lib/local/sources/run").RunOptions} */
    const options = {
      signal,
      timeout: HALF_AN_HOUR,
      folder: fileURLToPath(new URL("go", import.meta.url)),
      environment: { ...toolchain(), CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "-mod=readonly" },
    };
    progress(`building Pulumi ${VERSION} with ${await goVersion(options)}: once, and about 7 minutes on two cores`);
    const start = performance.now();
    const reminder = setInterval(() => progress(`building Pulumi: ${minutes(performance.now() - start)} so far`), HALF_A_MINUTE);
    try {
      await run("go", ["build", ...FLAGS, "-o", path.join(folder, "bin/pulumi"), MODULE], options);
    } finally {
      clearInterval(reminder);
    }
  },
};

// Same flags as Pulumi's releases. The Automation API rejects a CLI without a version.
const FLAGS = ["-tags", "osusergo,grpcnotrace", "-trimpath", "-ldflags", `-s -w -X ${VERSION_VARIABLE}=v${VERSION}`];

/** The folder of Go's installer is not on every user's PATH. */
const toolchain = () => ({ PATH: [process.env["PATH"] ?? "", "/usr/local/go/bin"].join(path.delimiter) });

/** @param {import("../../lib/local/sources/run").RunOptions} options */
const goVersion = async (options) => /go version go(\S+)/.exec(await run("go", ["version"], options))?.[1]?.replace(/^/, "Go ") ?? "Go";

/** @param {number} milliseconds */
const minutes = (milliseconds) => `${(milliseconds / 60_000).toFixed(1)} minutes`;
