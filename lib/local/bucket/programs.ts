import type { Program, ProgramRequest } from "../recipe";
import { firstOf, givenPath, goModule, onPath } from "../sources";

/** A release prints `Version  : v1.7.0`; a `go install` build prints `git`, which counts as new enough. */
const probe = { versionPattern: /^Version\s*:\s*v?(\S+)/m };

const sources = [
  givenPath(probe),
  onPath({ ...probe, programs: ["versitygw"], install: {} }),
  goModule({ package: "github.com/versity/versitygw/cmd/versitygw", version: "1.7.0" }),
];

/** The Versity S3 Gateway: an S3 server that stores objects in an ordinary folder. */
export const findProgram = (request: ProgramRequest): Promise<Program> => firstOf("versitygw", sources, request);
