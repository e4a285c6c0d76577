import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../lib/local/ports";
import { credentialsIn } from "../../lib/local/credentials";
import type { LocalServer, Recipe } from "../../lib/local/recipe";
import { type RunningService, startService } from "./run-service";

export const quiet = { progress: () => undefined, signal: new AbortController().signal };

/** A temporary private folder. */
export const temporaryFolder = async (name: string): Promise<{ folder: string; remove: () => Promise<void> }> => {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), `endow-${name}-`)));
  await chmod(folder, 0o700);
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
};

/** A recipe's server in its own folder on a free port, started without a supervisor. */
export interface TestServer {
  readonly server: LocalServer;
  readonly running: () => RunningService;
  /** Prepares and starts it; can be called again after `stop`. */
  readonly start: () => Promise<RunningService>;
  readonly stop: () => Promise<void>;
  /** Stops it and deletes its folder. */
  readonly remove: () => Promise<void>;
}

export const testServer = async (name: string, recipe: Recipe<never, unknown>, version?: string): Promise<TestServer> => {
  const program = await recipe.program({ ...quiet, ...(version !== undefined && { version }) });
  const { folder, remove } = await temporaryFolder(name);
  const port = await freePort();
  const credentials = credentialsIn(folder);
  const server: LocalServer = { name, localName: name, folder, port, program, data: recipe.dataOf?.(program), credentials, ...quiet };
  let running: RunningService | undefined;
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  return {
    server,
    running: () => {
      if (running === undefined) throw new Error(`${name} is not running`);
      return running;
    },
    start: async () => {
      running = await startService(await recipe.prepare(server), () => recipe.ready(server));
      return running;
    },
    stop,
    remove: async () => {
      await stop();
      await remove();
    },
  };
};
