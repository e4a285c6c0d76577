import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, lchown, lstat, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { namespacesWork, unprivileged } from "../../lib/local/unprivileged";
import { postgres } from "../../lib/local/postgres";
import { programCommand, dataFolder } from "../../lib/local/postgres/programs";
import { localServer, options, start, temporaryFolder } from "../support/postgres-server";
import { runService, startService } from "../support/run-service";

const isRoot = process.getuid?.() === 0;

const skipUnlessRoot = (context: Mocha.Context, what: string) => {
  if (isRoot) return;
  console.log(`SKIP: ${what}: only root can test it`);
  context.skip();
};

describe("the command of a program that refuses root", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    home = await temporaryFolder();
  });
  after(() => home.remove());

  const belongings = async (name: string) => {
    const folder = path.join(home.folder, name);
    await mkdir(path.join(folder, "data"), { recursive: true, mode: 0o700 });
    await writeFile(path.join(folder, "data", "rows"), "", { mode: 0o600 });
    await writeFile(path.join(folder, "credentials.json"), "{}", { mode: 0o600 });
    return { folder, data: path.join(folder, "data") };
  };

  it("is unchanged for other users", async function () {
    if (isRoot) {
      console.log("SKIP: a command of an ordinary user: this is root");
      this.skip();
    }
    assert.deepEqual(await unprivileged(["/bin/true"], await belongings("ordinary")), { command: ["/bin/true"] });
  });

  it("runs in a user namespace in the process that was started, and its files stay root's", async function () {
    skipUnlessRoot(this, "a user namespace");
    if (!(await namespacesWork())) {
      console.log("SKIP: a user namespace: they are forbidden here");
      this.skip();
    }
    const own = await belongings("namespace");
    const { command, user } = await unprivileged(["/bin/sleep", "1000"], own);
    assert.equal(user, undefined);
    const running = await runService({
      name: "sleep",
      command,
      folder: own.folder,
      environment: {},
      stopSignal: "SIGTERM",
      stopTimeout: 1000,
    });
    try {
      // `unshare` replaces itself with the program instead of starting a second process.
      while (!(await readFile(`/proc/${running.pid}/cmdline`, "utf8")).startsWith("/bin/sleep")) await sleep(5);
      const shown = execFileSync(command[0], [...command.slice(1, -2), "id", "-u"], { encoding: "utf8" });
      assert.equal(shown.trim(), "65534");
    } finally {
      await running.stop();
    }
    assert.equal((await stat(path.join(own.folder, "data"))).uid, 0);
  });

  it("runs as the user nobody where namespaces are forbidden, who owns the data but neither the passwords nor their folder", async function () {
    skipUnlessRoot(this, "the user nobody");
    await chmod(home.folder, 0o711);
    const own = await belongings("nobody");
    const { command, user } = await unprivileged(["/bin/sleep", "1000"], own, false);
    assert.deepEqual({ command, user }, { command: ["/bin/sleep", "1000"], user: { uid: 65534, gid: 65534 } });
    const ownerOf = async (name: string) => (await stat(path.join(own.folder, name))).uid;
    assert.deepEqual([await ownerOf("data"), await ownerOf("data/rows")], [65534, 65534]);
    assert.deepEqual([await ownerOf("."), await ownerOf("credentials.json")], [0, 0]);
    assert.equal((await stat(own.folder)).mode & 0o777, 0o711);
  });

  it("does not get ownership of the target of a link in its data", async function () {
    skipUnlessRoot(this, "the user nobody");
    await chmod(home.folder, 0o711);
    const own = await belongings("links");
    await symlink("../credentials.json", path.join(own.data, "link"));
    await unprivileged(["/bin/true"], own, false);
    assert.equal((await lstat(path.join(own.data, "link"))).uid, 65534);
    assert.equal((await stat(path.join(own.folder, "credentials.json"))).uid, 0);
  });

  it("gets ownership of all its data once, and nothing is changed after that, when it may be running", async function () {
    skipUnlessRoot(this, "the user nobody");
    await chmod(home.folder, 0o711);
    const own = await belongings("once");
    const rows = path.join(own.data, "rows");
    const cutShort = () => lchown(own.data, 0, 65534);
    await cutShort();
    await unprivileged(["/bin/true"], own, false);
    assert.deepEqual([(await stat(own.data)).uid, (await stat(rows)).uid], [65534, 65534]);
    await lchown(rows, 0, 0);
    await unprivileged(["/bin/true"], own, false);
    assert.equal((await stat(rows)).uid, 0);
  });

  it("is refused if the user nobody cannot access what it needs", async function () {
    skipUnlessRoot(this, "a folder out of reach");
    await chmod(home.folder, 0o700);
    await assert.rejects(unprivileged(["/bin/true"], await belongings("closed"), false), { code: "FOLDER_UNREACHABLE" });
  });

  it("runs PostgreSQL as the user nobody on data created in a namespace", async function () {
    skipUnlessRoot(this, "PostgreSQL as nobody");
    await chmod(home.folder, 0o711);
    const server = await localServer(home.folder);
    const service = await postgres.prepare(server);
    const data = dataFolder(server);
    const plain = await programCommand(server, "postgres", ["-D", data], data);
    const command = plain.command.slice(plain.command.indexOf(server.program.path)) as [string, ...string[]];
    const asNobody = await unprivileged(command, { folder: server.folder, data }, false);
    const running = await startService({ ...service, ...asNobody }, () => postgres.ready(server));
    try {
      assert.match(await readFile(`/proc/${running.pid}/status`, "utf8"), /^Uid:\t65534/m);
    } finally {
      await running.stop();
    }
    // Back in the namespace, the files belong to the user nobody, the only user it maps.
    await (await start(server)).stop();
  });

  it("creates and runs PostgreSQL as the user nobody where `unshare` is missing", async function () {
    skipUnlessRoot(this, "PostgreSQL without unshare");
    await chmod(home.folder, 0o711);
    const server = await localServer(home.folder);
    const { PATH } = process.env;
    process.env["PATH"] = path.join(home.folder, "none");
    try {
      const running = await start(server);
      try {
        assert.match(await readFile(`/proc/${running.pid}/status`, "utf8"), /^Uid:\t65534/m);
        await postgres.lease(server, { id: "shop.app", name: "app", options: options() });
        assert.equal((await stat(path.join(server.folder, "credentials.json"))).uid, 0);
      } finally {
        await running.stop();
      }
      await (await start(server)).stop();
    } finally {
      process.env["PATH"] = PATH;
    }
  });
});
