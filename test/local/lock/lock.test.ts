import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { withLock } from "../../../lib/local/lock/lock";
import { serversIn } from "../../../lib/local/folder";
import { temporaryFolder } from "../../support/local-server";

describe("a run that holds an environment's lock", () => {
  const { signal } = new AbortController();
  const waiting = () => undefined;

  it("excludes other runs", async () => {
    const { folder, remove } = await temporaryFolder("exclusive");
    try {
      let inside = 0;
      const work = async () => {
        inside += 1;
        assert.equal(inside, 1);
        await new Promise((resolve) => setTimeout(resolve, 10));
        inside -= 1;
      };
      await Promise.all(Array.from({ length: 5 }, () => withLock(path.join(folder, "qa"), { signal, waiting }, work)));
    } finally {
      await remove();
    }
  });

  it("works in a new folder if the one it waited for was removed", async () => {
    const { folder: parent, remove } = await temporaryFolder("exclusive");
    const folder = path.join(parent, "qa");
    try {
      let second: Promise<boolean> | undefined;
      await withLock(folder, { signal, waiting }, async () => {
        await new Promise<void>((resolve) => {
          second = withLock(folder, { signal, waiting: resolve }, async () => existsSync(serversIn(folder)));
        });
        await rename(folder, `${folder}.removed`);
      });
      assert.equal(await second, true);
    } finally {
      await remove();
    }
  });

  it("removes the temporary files of a run that was killed while writing, and nothing else", async () => {
    const { folder, remove } = await temporaryFolder("exclusive");
    const own = path.join(folder, "qa");
    const files = [
      "environment.json.1234",
      "values/shared.json.99",
      "servers/bucket/accounts/users.json.5",
      "servers/bucket/server.json.6",
      "servers/redis/users.acl.8",
      "servers/redis/redis.conf.9",
      "remote/shop-0a1b2c3d/lease.json.10",
      "processes/web/variables.sh.7",
    ];
    const kept = [
      "environment.json",
      "servers/redis/users.acl",
      "servers/redis/notes.txt.11",
      "values/shared.json",
      "servers/bucket/buckets/a/report.json.2024",
    ];
    for (const file of [...files, ...kept]) {
      await mkdir(path.dirname(path.join(own, file)), { recursive: true, mode: 0o700 });
      await writeFile(path.join(own, file), "");
    }
    await chmod(own, 0o700);
    const left = await withLock(own, { signal, waiting }, async () =>
      [...files, ...kept].filter((file) => existsSync(path.join(own, file))),
    );
    await remove();
    assert.deepEqual(left, kept);
  });
});
