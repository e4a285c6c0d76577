import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { AwsClient } from "aws4fetch";
import { Redis } from "ioredis";
import pg from "pg";
import { isFree } from "../../lib/local/ports";
import { processesIn, statusOf, type SupervisorStatus } from "../../lib/supervisor/client";
import type { Sandbox } from "../cli/harness";
import { processesNaming, shownBy } from "./processes";
import { registerSecret } from "./secrets";
import { eventually } from "./supervised";

/** The command that runs the app of faults-app.ts. */
export const WRITER = [process.execPath, require.resolve("./faults-app")];

/** A settings file with a setting for every server. */
export const EVERYTHING = `import { settings, postgresUrl, redisUrl, bucket } from "endow";
export const shared = settings("shared", {
  databaseUrl: postgresUrl({ version: "17" }),
  redisUrl: redisUrl().optional(),
  uploads: bucket().optional(),
});
`;

/** Absolute paths of all files in a state folder. */
const filesIn = (state: string): string[] =>
  !existsSync(state)
    ? []
    : readdirSync(state, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));

const json = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

/** The values stored by the last `endow dev`, by variable. */
export const valuesIn = (state: string): Readonly<Record<string, string>> => {
  const file = filesIn(state).find((each) => path.basename(path.dirname(each)) === "values") ?? assert.fail("there are no values");
  return json(file) as Record<string, string>;
};

/** The running services of the only environment in a state folder. */
export const runningOf = (state: string): Promise<SupervisorStatus> => {
  const record = filesIn(state).find((file) => path.basename(file) === "environment.json") ?? assert.fail("there is no environment");
  return statusOf(path.dirname(record));
};

/** Current or last ports of the servers. */
export const portsIn = (state: string): number[] =>
  filesIn(state)
    .filter((file) => path.basename(file) === "environment.json")
    .flatMap((file) => Object.values((json(file) as { servers: Record<string, { port?: number }> }).servers))
    .flatMap(({ port }) => port ?? []);

const passwordsIn = (files: readonly string[]): string[] =>
  files.filter((file) => path.basename(file) === "credentials.json").flatMap((file) => Object.values(json(file) as Record<string, string>));

/** A write acknowledged by a server. */
export interface Acknowledged {
  readonly server: string;
  readonly key: string;
  /** Timestamp in milliseconds. */
  readonly at: number;
}

/** Parses the writes in the writer's output; skips an incomplete line. */
export const acknowledged = (printed: string): Acknowledged[] =>
  [...printed.matchAll(/^(\w+) (\S+) (\d+)\n/gm)].map(([, server = "", key = "", at]) => ({ server, key, at: Number(at) }));

/** The writes that the servers have lost. */
export const lost = async (writes: readonly Acknowledged[], values: Readonly<Record<string, string>>): Promise<Acknowledged[]> => {
  const kept: Record<string, Set<string>> = {};
  for (const server of new Set(writes.map((write) => write.server))) kept[server] = new Set(await readers[server]?.(values));
  return writes.filter(({ server, key }) => !kept[server]?.has(key));
};

const readers: Record<string, (values: Readonly<Record<string, string>>) => Promise<readonly string[]>> = {
  postgres: async ({ DATABASE_URL }) => {
    const client = new pg.Client({ connectionString: DATABASE_URL });
    await client.connect();
    try {
      return (await client.query<{ key: string }>("select key from kept")).rows.map(({ key }) => key);
    } finally {
      await client.end();
    }
  },
  redis: async ({ REDIS_URL = "" }) => {
    const client = new Redis(REDIS_URL);
    try {
      return await client.smembers("kept");
    } finally {
      client.disconnect();
    }
  },
  bucket: async (values) => {
    const [accessKeyId = "", secretAccessKey = ""] = [values["UPLOADS_ACCESS_KEY_ID"], values["UPLOADS_SECRET_ACCESS_KEY"]];
    const client = new AwsClient({ accessKeyId, secretAccessKey, service: "s3", region: values["UPLOADS_REGION"] ?? "", retries: 0 });
    const keys: string[] = [];
    for (;;) {
      const after = keys.length === 0 ? "" : `&start-after=${keys.at(-1)}`;
      const response = await client.fetch(`${values["UPLOADS_ENDPOINT"]}/${values["UPLOADS_BUCKET"]}?list-type=2${after}`);
      const text = await response.text();
      assert.equal(response.status, 200, "the bucket can be listed");
      keys.push(...[...text.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = ""]) => key));
      if (!text.includes("<IsTruncated>true</IsTruncated>")) return keys;
    }
  },
};

/** Files that may contain passwords and must be private. */
const FOR_PASSWORDS = new Set(["credentials.json", "shared.json", "users.json"]);

/** Asserts that no generated password is in a log, in a file not meant for it, or visible in a process's arguments or environment. */
export const assertNothingLeaks = async ({ state }: Pick<Sandbox, "state">): Promise<void> => {
  const files = filesIn(state);
  const passwords = passwordsIn(files).map(registerSecret);
  assert.ok(passwords.length > 0, "there are passwords to look for");
  const holds = (text: string) => passwords.some((password) => text.includes(password));
  const holding = files.filter((file) => holds(textOf(file)));
  assert.deepEqual(
    holding.filter((file) => !FOR_PASSWORDS.has(path.basename(file)) || (statSync(file).mode & 0o077) !== 0),
    [],
  );
  for (const pid of [...(await processesIn(state)), ...processesNaming(state)])
    assert.ok(!holds(shownBy(pid)), `process ${pid} shows a password`);
};

const textOf = (file: string): string => {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // A server deleted it meanwhile.
    return "";
  }
};

/** Asserts that a sandbox has no processes, listening ports or files left. Processes get a moment to exit. */
export const assertNothingLeft = async ({ root, state }: Sandbox, ports: readonly number[]): Promise<void> => {
  await eventually("no process is left", async () => (await runningIn(root, state)).length === 0).catch(async () => {
    assert.deepEqual((await runningIn(root, state)).map(shownBy), []);
  });
  // Wait here too: another test may be probing whether the port is free.
  for (const port of ports) await eventually(`nothing listens on ${port}`, () => isFree(port));
  assert.deepEqual(existsSync(path.join(state, "endow")) ? readdirSync(path.join(state, "endow")) : [], []);
};

const runningIn = async (root: string, state: string): Promise<number[]> => [
  ...(await processesIn(root)),
  ...(await processesIn(state)),
  ...processesNaming(state),
];
