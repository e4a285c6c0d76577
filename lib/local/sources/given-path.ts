import { fault } from "../../errors";
import { type Probe, probed } from "./probe";
import type { Source } from "./source";

/**
 * The program that the user names. When one is named nothing else is tried: what is wrong with it is an error.
 * `find` throws EndowError `SERVER_UNAVAILABLE` when it does not run or is of another version than asked for.
 */
export const givenPath = (probe: Probe): Source => ({
  name: "program named by path",
  find: async (request) => {
    if (request.path === undefined) return undefined;
    const found = await probed(request.path, probe, request);
    if ("path" in found) return { ...found, source: "path" };
    const fix = "name a program of the version asked for, or none, to have one found or fetched";
    throw fault("SERVER_UNAVAILABLE", `the program ${request.path} cannot be used: ${found.reason}`, fix, request.path);
  },
});
