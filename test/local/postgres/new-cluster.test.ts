import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { EndowError } from "../../../lib/errors";
import { postgres } from "../../../lib/local/postgres";
import { dataFolder } from "../../../lib/local/postgres/programs";
import type { Program } from "../../../lib/local/recipe";
import { processesIn } from "../../../lib/supervisor/client";
import { localServer, programOf, temporaryFolder } from "../../support/postgres-server";
import { eventually } from "../../support/supervised";

const isRoot = process.getuid?.() === 0;

const onDisk = async (folder: string) => (await readdir(folder)).filter((name) => name !== "credentials.json");

describe("a new data folder of a PostgreSQL server", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    home = await temporaryFolder();
  });
  after(() => home.remove());

  it("is separate for each major version, and another version does not open it", async () => {
    const server = await localServer(home.folder, "17");
    await postgres.prepare(server);
    const other = { ...server, program: await programOf("16"), data: "16" };
    await postgres.prepare(other);
    assert.deepEqual((await onDisk(server.folder)).toSorted(), ["data-16", "data-17"]);

    await rm(dataFolder(other), { recursive: true });
    await rename(dataFolder(server), dataFolder(other));
    await assert.rejects(postgres.prepare(other), (error: unknown) => {
      assert.ok(error instanceof EndowError);
      assert.equal(error.code, "DATA_VERSION_MISMATCH");
      assert.match(error.message, /created by PostgreSQL 17, but .* is version 16\./);
      return true;
    });
  });

  it("is not deleted if it is not a PostgreSQL data folder", async () => {
    const server = await localServer(home.folder);
    await mkdir(dataFolder(server));
    await writeFile(path.join(dataFolder(server), "mine.txt"), "mine");
    await assert.rejects(postgres.prepare(server), { code: "DATA_FOLDER_DAMAGED" });
    assert.deepEqual(await readdir(dataFolder(server)), ["mine.txt"]);
    for (const content of ["", "null", "[]", "x".repeat(100), Buffer.from([0, 255, 10])]) {
      await writeFile(path.join(dataFolder(server), "PG_VERSION"), content);
      await assert.rejects(postgres.prepare(server), { code: "DATA_FOLDER_DAMAGED", message: /its PG_VERSION does not hold a version\n/ });
    }
  });

  it("is created again while a process started by a killed run is still writing", async () => {
    const server = await localServer(home.folder);
    const dead = spawn("/bin/true");
    await new Promise((resolve) => dead.once("exit", resolve));
    const half = await mkdtemp(path.join(server.folder, `making-${dead.pid}-`));
    const writer = spawn("/bin/sh", ["-c", `i=0; while :; do i=$((i+1)); : > "${half}/$i"; done`], { cwd: half, stdio: "ignore" });
    const ended = new Promise((resolve) => writer.once("exit", (_, signal) => resolve(signal)));
    try {
      await postgres.prepare(server);
    } finally {
      writer.kill("SIGKILL");
    }
    assert.equal(await ended, "SIGKILL");
    assert.deepEqual(await onDisk(server.folder), ["data-17"]);
  });

  it("is created again after a run was killed midway, whose leftovers are removed", async () => {
    const server = await localServer(home.folder);
    const dead = spawn("/bin/true");
    await new Promise((resolve) => dead.once("exit", resolve));
    const half = await mkdtemp(path.join(server.folder, `making-${dead.pid}-`));
    await mkdir(path.join(half, "data"));
    const mine = await mkdtemp(path.join(server.folder, `making-${process.pid}-`));
    await postgres.prepare(server);
    assert.deepEqual((await onDisk(server.folder)).toSorted(), ["data-17", path.basename(mine)].toSorted());
  });

  /** A PostgreSQL whose programs are a single script. */
  const scripted = async (name: string, script: string): Promise<Program> => {
    const folder = path.join(home.folder, name);
    await mkdir(folder);
    for (const program of ["initdb", "postgres"]) await writeFile(path.join(folder, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { path: path.join(folder, "postgres"), version: "17.10", source: "path", environment: {} };
  };

  it("leaves nothing behind when cancelled while `initdb` runs", async () => {
    const controller = new AbortController();
    const program = await scripted("endless", ': > "${1#--pgdata=}/begun"; exec sleep 1000');
    const server = await localServer(home.folder, "17", { program, signal: controller.signal });
    const refused = assert.rejects(postgres.prepare(server), /cut short/);
    await eventually("`initdb` runs", async () =>
      (await readdir(server.folder, { recursive: true })).some((name) => name.endsWith("/begun")),
    );
    controller.abort(new Error("cut short"));
    await refused;
    assert.deepEqual([await onDisk(server.folder), await processesIn(server.folder)], [[], []]);
  });

  it("leaves nothing behind when cancelled before its passwords are set", async () => {
    const controller = new AbortController();
    const server = await localServer(home.folder, "17", { signal: controller.signal });
    const get = async (login: string) => {
      controller.abort(new Error("cut short"));
      return server.credentials.get(login);
    };
    await assert.rejects(postgres.prepare({ ...server, credentials: { ...server.credentials, get } }), /cut short/);
    assert.deepEqual(await onDisk(server.folder), []);
  });

  it("leaves nothing behind when its creation fails", async () => {
    const broken = await localServer(home.folder, "17", { program: await scripted("broken", "echo no space of its own >&2; exit 3") });
    await assert.rejects(postgres.prepare(broken), (error: unknown) => {
      assert.ok(error instanceof EndowError);
      assert.equal(error.code, "DATA_FOLDER_FAILED");
      assert.match(error.message, /no space of its own/);
      return true;
    });
    assert.deepEqual(await onDisk(broken.folder), []);
  });

  const mounted = async (context: Mocha.Context, what: string, mountOptions: string, work: (folder: string) => Promise<void>) => {
    const folder = await mkdtemp(path.join(home.folder, "mount-"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", mountOptions, "tmpfs", folder], { stdio: "pipe" });
    } catch {
      console.log(`SKIP: ${what}: a tmpfs cannot be mounted here`);
      context.skip();
    }
    try {
      await work(folder);
    } finally {
      execFileSync("umount", [folder]);
    }
  };

  it("reports a full disk and leaves nothing partial behind", async function () {
    await mounted(this, "a full disk", "size=12m,mode=0700", async (folder) => {
      const server = await localServer(home.folder, "17", { folder });
      await assert.rejects(postgres.prepare(server), (error: unknown) => {
        assert.ok(error instanceof EndowError);
        assert.equal(error.code, "DATA_FOLDER_FAILED");
        assert.match(error.message, /No space left on device/);
        return true;
      });
      assert.deepEqual(await onDisk(folder), []);
    });
  });

  it("reports a folder that is not writable", async function () {
    const assertRefused = async (folder: string) => {
      const server = await localServer(home.folder, "17", { folder });
      await assert.rejects(postgres.prepare(server), { code: "DATA_FOLDER_FAILED" });
      assert.deepEqual(await readdir(folder), []);
    };
    if (isRoot) return mounted(this, "a folder that cannot be written", "ro,size=1m", assertRefused);
    const folder = path.join(home.folder, "closed");
    await mkdir(folder, { mode: 0o500 });
    await assertRefused(folder);
    await chmod(folder, 0o700);
  });
});
