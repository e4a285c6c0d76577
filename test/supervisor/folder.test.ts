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

  it("is made for its owner alone, and its path is given without links", () => {
    symlinkSync(base, path.join(base, "link"));
    assert.equal(makeFolder(path.join(base, "link", "new", "folder")), path.join(base, "new", "folder"));
    assert.equal(statSync(path.join(base, "new", "folder")).mode & 0o777, 0o700);
  });

  it("is refused by every function when other users can reach into it", async () => {
    const folder = fresh("open", 0o750);
    for (const refuse of [supervise, statusOf, stopAll]) await assert.rejects(() => refuse(folder), { code: "FOLDER_NOT_PRIVATE" });
  });

  it("may let other users pass through, as services that run as such need", async () => {
    assert.deepEqual(await statusOf(fresh("passable", 0o711)), { supervisor: "none", services: [] });
  });

  it("is refused by every function when it is another user's", async function () {
    if (process.getuid?.() !== 0) {
      console.log("SKIP: a folder of another user: only root can make one");
      this.skip();
    }
    const folder = fresh("theirs");
    chownSync(folder, 65_534, 65_534);
    for (const refuse of [supervise, statusOf, stopAll]) await assert.rejects(() => refuse(folder), { code: "FOLDER_NOT_OURS" });
  });

  it("is refused where it cannot be made", async () => {
    writeFileSync(path.join(base, "file"), "");
    await assert.rejects(() => supervise(path.join(base, "file")), { code: "FOLDER_NOT_WRITABLE" });
    await assert.rejects(() => supervise(path.join(base, "file", "below")), { code: "FOLDER_NOT_WRITABLE" });
  });

  it("need not exist to be asked about", async () => {
    assert.deepEqual(await statusOf(path.join(base, "none")), { supervisor: "none", services: [] });
    assert.deepEqual(await stopAll(path.join(base, "none")), { stopped: [] });
  });
});
