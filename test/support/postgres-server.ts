import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { codeOf } from "../../lib/errors";
import { freePort } from "../../lib/local/ports";
import { credentialsIn } from "../../lib/local/credentials";
import { postgres } from "../../lib/local/postgres";
import { findProgram } from "../../lib/local/postgres/releases";
import type { LocalServer, Program } from "../../lib/local/recipe";
import { processesIn } from "../../lib/supervisor/client";
import { type RunningService, startService } from "./run-service";
import { PATIENCE } from "./supervised";

const quiet = { progress: () => undefined, signal: new AbortController().signal };

export const programOf = (version: string): Promise<Program> => findProgram({ version, ...quiet });

/** A temporary folder, deleted after stopping every process in it. */
export const temporaryFolder = async (name = "endow-postgres-"): Promise<{ folder: string; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(path.join(tmpdir(), name));
  await chmod(folder, 0o700);
  return {
    folder,
    remove: async () => {
      for (const pid of await processesIn(folder)) process.kill(pid, "SIGKILL");
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

export const localServer = async (parent: string, version = "17", overrides: Partial<LocalServer> = {}): Promise<LocalServer> => {
  const folder = overrides.folder ?? path.join(parent, `postgres-${version}-${randomUUID().slice(0, 8)}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const program = overrides.program ?? (await programOf(version));
  return {
    name: `postgres-${version}`,
    localName: `postgres-${version}`,
    folder,
    port: await freePort(),
    program,
    data: postgres.dataOf?.(program),
    credentials: credentialsIn(folder),
    ...quiet,
    ...overrides,
  };
};

/** Prepares and starts a server, and waits until it is ready. */
export const start = async (server: LocalServer): Promise<RunningService> =>
  startService(await postgres.prepare(server), () => postgres.ready(server));

/** Runs one statement on a new connection. */
export const sql = async (
  login: { port: number; username: string; password: string; database: string },
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> => {
  const { port, username: user, password, database } = login;
  const client = new Client({ host: "127.0.0.1", port, user, password, database, connectionTimeoutMillis: PATIENCE });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
};

export const options = (
  overrides: { version?: "14" | "15" | "16" | "17" | "18"; extensions?: string[]; createDatabases?: boolean | undefined } = {},
) => ({
  version: "17" as const,
  scheme: "postgresql",
  extensions: [],
  ...overrides,
});

/** Opens connections of one app, as many as its server gives. @returns closes some of them, or all */
export const takeConnections = async (url: string): Promise<(count?: number) => Promise<void>> => {
  const clients: Client[] = [];
  for (;;) {
    const client = new Client({ connectionString: url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      clients.push(client);
    } catch (error) {
      assert.equal(codeOf(error), "53300");
      return async (count = clients.length) => {
        for (const open of clients.splice(0, count)) await open.end();
      };
    }
  }
};
