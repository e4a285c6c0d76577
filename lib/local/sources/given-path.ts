import { fault } from "../../errors";
import { type Probe, probed } from "./probe";
import type { Source } from "./source";

/**
 * The program named by the user. If one is named, no other source is tried and any problem with it is an error.
 * `find` throws EndowError `SERVER_UNAVAILABLE` if it cannot be run or has a different version than requested.
 */
export const givenPath = (probe: Probe): Source => ({
  name: "program named by path",
  find: async (request) => {
    if (request.path === undefined) return undefined;
    const found = await probed(request.path, probe, request);
    if ("path" in found) return { ...found, source: "path" };
    const fix = "pass a program of the requested version, or none to let endow find or download one";
    throw fault("SERVER_UNAVAILABLE", `the program ${request.path} cannot be used: ${found.reason}`, fix, request.path);
  },
});
