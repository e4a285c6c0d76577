import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stopAll } from "../../lib/supervisor/client";
import { identify } from "../../lib/supervisor/processes";
import { clientFile, type Home, makeHome } from "../support/supervised";

describe("a supervisor on an unusual machine:", () => {
  it("works for a non-root user", function () {
    if (process.getuid?.() !== 0 || spawnSync("setpriv", ["--version"]).status !== 0) {
      console.log("SKIP: as another user: needs root and setpriv(1)");
      this.skip();
    }
    const base = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-user-")));
    try {
      chmodSync(base, 0o777);
      cpSync(path.dirname(path.dirname(clientFile)), path.join(base, "lib"), { recursive: true });
      const program = `
        const client = require(${JSON.stringify(path.join(base, "lib/supervisor/client.js"))});
        const fs = require("node:fs");
        const folder = ${JSON.stringify(path.join(base, "state"))};
        (async () => {
          const supervisor = await client.supervise(folder);
          fs.mkdirSync(folder + "/web");
          const service = { name: "web", command: ["/bin/sleep", "1000"], folder: folder + "/web", environment: {}, stopSignal: "SIGTERM", stopTimeout: 1000 };
          const { pid } = await supervisor.apply(service);
          process.kill((await client.statusOf(folder)).pid, "SIGKILL");
          const again = await (await client.supervise(folder)).apply(service);
          const refused = await supervisor.apply(service).catch((error) => error.code);
          process.kill((await client.statusOf(folder)).pid, "SIGSTOP");
          const { stopped } = await client.stopAll(folder);
          console.log(JSON.stringify([again.change, again.pid === pid, refused, stopped, await client.processesIn(folder)]));
          process.exit();
        })();`;
      const identity = ["--reuid=65534", "--regid=65534", "--clear-groups"];
      const { stdout, stderr } = spawnSync("setpriv", [...identity, process.execPath, "-e", program], {
        encoding: "utf8",
        cwd: "/",
        env: { PATH: process.env["PATH"] },
      });
      assert.equal(stderr, "");
      assert.deepEqual(JSON.parse(stdout), ["adopted", true, "SUPERVISOR_GONE", ["web"], []]);
      assert.equal(statSync(path.join(base, "state")).uid, 65_534);
    } finally {
      rmSync(base, { recursive: true });
    }
  });

  describe("on a full disk", () => {
    let home: Home;
    let mounted = false;
    beforeEach(function () {
      home = makeHome();
      mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", home.folder]).status === 0;
      if (!mounted) {
        console.log("SKIP: a disk that is full: no file system can be mounted here");
        this.skip();
      }
    });
    afterEach(async () => {
      try {
        await stopAll(home.folder);
      } finally {
        if (mounted) spawnSync("umount", [home.folder]);
        await home.clean();
      }
    });

    it("stops no running service, starts no new one, and can still be stopped", async () => {
      const supervisor = await home.supervise();
      const running = await supervisor.apply(home.service("web"));
      mkdirSync(path.join(home.folder, "services/new"));
      const waste = path.join(home.folder, "waste");
      assert.throws(() => writeFileSync(waste, Buffer.alloc(2 * 1024 * 1024)), { code: "ENOSPC" });

      await assert.rejects(() => supervisor.apply(home.service("new")), { code: "STATE_NOT_WRITTEN" });
      await assert.rejects(() => supervisor.apply({ ...home.service("web"), labels: { version: "2" } }), { code: "STATE_NOT_WRITTEN" });
      assert.deepEqual(
        (await supervisor.status()).map(({ name, pid }) => [name, pid]),
        [["web", running.pid]],
      );

      rmSync(waste);
      assert.equal((await supervisor.apply(home.service("new"))).change, "started");
      assert.throws(() => writeFileSync(waste, Buffer.alloc(2 * 1024 * 1024)), { code: "ENOSPC" });
      await stopAll(home.folder);
      assert.equal(identify(running.pid ?? 0), undefined);
    });
  });
});
