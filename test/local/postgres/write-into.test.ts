import assert from "node:assert/strict";
import { chown, lstat, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { writeInto } from "../../../lib/local/postgres/write-into";
import { temporaryFolder } from "../../support/local-server";

describe("a file written into another user's folder", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let data: string;
  beforeEach(async () => {
    home = await temporaryFolder("write-into");
    data = path.join(home.folder, "data");
    await mkdir(data);
  });
  afterEach(() => home.remove());

  it("belongs to that user, and only that user can read it", async () => {
    if (process.getuid?.() === 0) await chown(data, 65_534, 65_534);
    await writeInto(data, "settings.conf", "one\n");
    await writeInto(data, "settings.conf", "two\n");
    const { uid, gid, mode } = await lstat(path.join(data, "settings.conf"));
    const owner = await lstat(data);
    assert.deepEqual([uid, gid, mode & 0o777], [owner.uid, owner.gid, 0o600]);
    assert.equal(await readFile(path.join(data, "settings.conf"), "utf8"), "two\n");
    assert.deepEqual(await readdir(data), ["settings.conf"]);
  });

  it("replaces a link without touching the link's target", async () => {
    const precious = path.join(home.folder, "precious");
    await writeFile(precious, "precious", { mode: 0o644 });
    const before = await lstat(precious);
    await symlink(precious, path.join(data, "settings.conf"));
    await writeInto(data, "settings.conf", "text\n");
    assert.ok((await lstat(path.join(data, "settings.conf"))).isFile());
    assert.equal(await readFile(precious, "utf8"), "precious");
    assert.equal((await lstat(precious)).uid, before.uid);
  });

  it("leaves nothing behind when it cannot be renamed into place", async () => {
    await mkdir(path.join(data, "settings.conf"));
    await assert.rejects(writeInto(data, "settings.conf", "text\n"), { code: "EISDIR" });
    assert.deepEqual(await readdir(data), ["settings.conf"]);
  });
});
