import path from "node:path";
import { addToCache, type CacheEntry, type CacheKey, findInCache } from "../cache";
import type { Program, ProgramRequest } from "../recipe";
import type { Source } from "./source";
import { otherVersion } from "./version";

/** A program of one exact version, known before it is downloaded. */
export interface Pinned {
  readonly name: string;
  readonly key: CacheKey;
  readonly programVersion: string;
  readonly environment?: (folder: string) => Readonly<Record<string, string>>;
  /** Puts the files into an empty folder. */
  readonly fill: (folder: string, request: ProgramRequest) => Promise<void>;
}

/** A source that downloads a program by its exact version and caches it under that version. */
export const pinned = ({ name, key, programVersion, environment = () => ({}), fill }: Pinned): Source => {
  const program = ({ folder }: CacheEntry): Program => ({
    path: path.join(folder, key.executable),
    version: programVersion,
    source: key.source,
    environment: environment(folder),
  });
  return {
    name,
    find: async (request) => {
      const mismatch = otherVersion(programVersion, request.version);
      if (mismatch !== undefined) return mismatch;
      const entry = await findInCache(key);
      return entry && program(entry);
    },
    fetch: async (request) =>
      program(
        await addToCache(key, async (folder) => {
          await fill(folder, request);
          return programVersion;
        }),
      ),
  };
};
