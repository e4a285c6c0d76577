import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { provisionedKinds } from "../../lib/kinds/provisioned";
import { postgres } from "../../lib/local/postgres";
import { ADMINISTRATOR } from "../../lib/local/postgres/logins";
import { freePort } from "../../lib/local/ports";
import { recipeOf } from "../../lib/local/recipes";
import { quiet, temporaryFolder, testServer } from "../support/local-server";
import { skipUnless, skipWithout } from "../support/prerequisite";
import { withRedis } from "../support/redis-client";
import { startService, type RunningService } from "../support/run-service";
import { registerSecret } from "../support/secrets";

const NAME = "Administrator1234";
const PASSWORD = registerSecret("pQ7mZx2VkR9sTn4LwB6y");

/** Paths of the programs that replace those of an image. */
type Programs = Readonly<Record<string, string>>;

/** Runs a kind's container without a container: its command and probe on this machine, with a folder as its volume and another port. */
const containerOf = async (kind: string, programsOf: (program: string) => Programs) => {
  const { container } = provisionedKinds.get(kind);
  const program = await recipeOf(kind).program(quiet);
  const { folder, remove } = await temporaryFolder(`container-${kind}`);
  const bin = path.join(folder, "bin");
  const volume = path.join(folder, "volume");
  const port = await freePort();
  await mkdir(bin);
  await mkdir(volume);
  for (const [name, file] of Object.entries(programsOf(program.path))) await symlink(file, path.join(bin, name));
  const here = (parts: readonly string[]): [string, ...string[]] => {
    const [file = "", ...rest] = parts.map((part) =>
      part.replaceAll(container.volume, volume).replaceAll(String(container.port), String(port)),
    );
    return [file, ...rest];
  };
  const environmentFor = (password: string) => ({
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    ...program.environment,
    ...container.environment,
    [container.administrator.username]: NAME,
    [container.administrator.password]: password,
  });
  const probe = async (password = PASSWORD): Promise<void> => {
    const [file, ...args] = here(container.probe);
    await promisify(execFile)(file, args, { env: environmentFor(password), timeout: 10_000 });
  };
  let running: RunningService | undefined;
  return {
    port,
    volume,
    probe,
    start: async (password = PASSWORD, options: Readonly<Record<string, string>> = {}): Promise<void> => {
      const command = here(container.command ?? assert.fail("it starts by itself"));
      const given = Object.entries(options).map(([option, value]) => [container.options?.[option] ?? assert.fail(option), value]);
      const environment = { ...environmentFor(password), ...(Object.fromEntries(given) as Record<string, string>) };
      const service = { name: kind, command, folder, environment, port, labels: {} };
      running = await startService({ ...service, stopSignal: "SIGTERM", stopTimeout: 10_000 }, () => probe(password));
    },
    stop: async () => running?.stop(),
    log: async () => (await running?.log()) ?? "",
    remove: async () => {
      await running?.stop();
      await remove();
    },
  };
};

type ContainerHere = Awaited<ReturnType<typeof containerOf>>;

/** The probe must fail with an unauthenticated or invalid query, or it proves nothing. */
const assertAuthenticated = async ({ probe, volume, log }: ContainerHere): Promise<void> => {
  await probe();
  await assert.rejects(probe(registerSecret("not-the-password-of-it")));
  assert.ok(!(await log()).includes(PASSWORD));
  assert.equal((await stat(volume)).isDirectory(), true);
};

describe("the container of a kind", function () {
  let made: ContainerHere | undefined;
  afterEach(async () => {
    await made?.remove();
    made = undefined;
  });

  it("starts a Redis to which only the administrator has access, and which keeps its users and data on a restart with another password", async function () {
    const { path: server } = await recipeOf("redis").program(quiet);
    const cli = ["valkey-cli", "redis-cli"].map((name) => path.join(path.dirname(server), name)).find((file) => existsSync(file));
    skipUnless(this, cli !== undefined, "there is no client program next to the server");
    made = await containerOf("redis", (program) => ({ "valkey-server": program, "valkey-cli": cli ?? "" }));
    await made.start();
    await assertAuthenticated(made);
    await withRedis({ port: made.port, username: NAME, password: PASSWORD }, async (client) => {
      assert.deepEqual(await client.config("GET", "notify-keyspace-events"), ["notify-keyspace-events", ""]);
    });
    const app = { username: "app", password: registerSecret("of-the-app-1234567") };
    await withRedis({ port: made.port, username: NAME, password: PASSWORD }, async (client) => {
      await client.acl("SETUSER", app.username, "on", `>${app.password}`, "~*", "+@all", "-@admin");
      await client.acl("SAVE");
    });
    await withRedis({ port: made.port, ...app }, (client) => client.set("kept", "yes"));
    await assert.rejects(withRedis({ port: made.port }, (client) => client.get("kept")));
    await made.stop();

    const other = registerSecret("another-password-1234");
    await made.start(other, { keyspaceNotifications: "Ex" });
    await assert.rejects(made.probe(PASSWORD));
    await withRedis({ port: made.port, username: NAME, password: other }, async (client) => {
      assert.deepEqual(await client.config("GET", "notify-keyspace-events"), ["notify-keyspace-events", "xE"]);
    });
    assert.equal(await withRedis({ port: made.port, ...app }, (client) => client.get("kept")), "yes");
    const users = await readFile(path.join(made.volume, "users.acl"), "utf8");
    assert.ok(![PASSWORD, other, app.password].some((password) => users.includes(password)));
  });

  it("starts an S3 server that lists buckets only for its administrator", async () => {
    made = await containerOf("bucket", (program) => ({ versitygw: program }));
    await made.start();
    await assertAuthenticated(made);
    await made.stop();
    await made.start();
    await made.probe();
  });

  it("probes PostgreSQL as its administrator", async function () {
    await skipWithout(this, "psql");
    const { probe, administrator, port } = provisionedKinds.get("postgres").container;
    const theirs = await testServer("probed", postgres);
    try {
      await theirs.start();
      const [file = "", ...args] = probe.map((part) => part.replaceAll(String(port), String(theirs.server.port)));
      const probed = async (password: string) => {
        const env = { PATH: process.env["PATH"], [administrator.username]: ADMINISTRATOR, [administrator.password]: password };
        return (await promisify(execFile)(file, args, { env, timeout: 10_000 })).stdout.trim();
      };
      assert.equal(await probed(registerSecret(await theirs.server.credentials.get(ADMINISTRATOR))), "1");
      await assert.rejects(probed(PASSWORD));
    } finally {
      await theirs.remove();
    }
  });
});
