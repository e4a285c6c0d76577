import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { statusOf, stopAll, supervise } from "../../lib/supervisor/client";
import { makeFolder } from "../../lib/supervisor/folder";

describe("the folder of a supervisor", () => {
  let base = "";
  const fresh = (name: string, mode = 0o700) => {
    const folder = path.join(base, name);
    mkdirSync(folder);
    chmodSync(folder, mode);
    return folder;
  };
  before(() => (base = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-folder-")))));
  after(() => rmSync(base, { recursive: true }));

  it("is created private, and its real path is returned", () => {
    symlinkSync(base, path.join(base, "link"));
    assert.equal(makeFolder(path.join(base, "link", "new", "folder")), path.join(base, "new", "folder"));
    assert.equal(statSync(path.join(base, "new", "folder")).mode & 0o777, 0o700);
  });

  it("is rejected by every function if other users can read or write it", async () => {
    const folder = fresh("open", 0o750);
    for (const refuse of [supervise, statusOf, stopAll]) await assert.rejects(() => refuse(folder), { code: "FOLDER_NOT_PRIVATE" });
  });

  it("may be traversable for other users, which services running as another user need", async () => {
    assert.deepEqual(await statusOf(fresh("passable", 0o711)), { supervisor: "none", services: [] });
  });

  it("is rejected by every function if it is owned by another user", async function () {
    if (process.getuid?.() !== 0) {
      console.log("SKIP: a folder of another user: only root can make one");
      this.skip();
    }
    const folder = fresh("theirs");
    chownSync(folder, 65_534, 65_534);
    for (const refuse of [supervise, statusOf, stopAll]) await assert.rejects(() => refuse(folder), { code: "FOLDER_NOT_OURS" });
  });

  it("is rejected if it cannot be created", async () => {
    writeFileSync(path.join(base, "file"), "");
    await assert.rejects(() => supervise(path.join(base, "file")), { code: "FOLDER_NOT_WRITABLE" });
    await assert.rejects(() => supervise(path.join(base, "file", "below")), { code: "FOLDER_NOT_WRITABLE" });
  });

  it("need not exist to query or stop it", async () => {
    assert.deepEqual(await statusOf(path.join(base, "none")), { supervisor: "none", services: [] });
    assert.deepEqual(await stopAll(path.join(base, "none")), { stopped: [] });
  });
});
