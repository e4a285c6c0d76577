import assert from "node:assert/strict";
import { chmodSync, lchownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { suspectIn, suspectOnTheWay } from "../../lib/internal/trust";
import { skipUnless } from "../support/prerequisite";

const NOBODY = 65_534;

describe("what another user of the machine could change", () => {
  let root = "";
  let place = "";
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-trust-")));
    place = path.join(root, "one/two");
    mkdirSync(place, { recursive: true, mode: 0o755 });
    for (const folder of [root, path.dirname(place), place]) chmodSync(folder, 0o755);
    writeFileSync(path.join(place, "file"), "", { mode: 0o600 });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("is nothing of what is ours alone, or is not there", () => {
    assert.equal(suspectOnTheWay(root, place), undefined);
    assert.equal(suspectOnTheWay(root, path.join(place, "file")), undefined);
    assert.equal(suspectOnTheWay(root, path.join(root, "none/two")), undefined);
    assert.equal(suspectOnTheWay(path.join(root, "none"), path.join(root, "none/two")), undefined);
    assert.equal(suspectIn(place), undefined);
    assert.equal(suspectIn(path.join(root, "none")), undefined);
  });

  it("is the first folder on the way that its group or others can write in", () => {
    chmodSync(path.dirname(place), 0o775);
    chmodSync(place, 0o777);
    assert.deepEqual(suspectOnTheWay(root, place), { path: path.dirname(place), why: "can be changed by other users (mode 0775)" });
    chmodSync(path.dirname(place), 0o755);
    assert.deepEqual(suspectOnTheWay(root, place), { path: place, why: "can be changed by other users (mode 0777)" });
  });

  it("is not a file of a folder like /tmp, where users cannot replace each other's files", () => {
    chmodSync(root, 0o1777);
    assert.equal(suspectOnTheWay(root, place), undefined);
    assert.deepEqual(suspectOnTheWay(root, root)?.path, root);
    chmodSync(place, 0o1777);
    assert.equal(suspectOnTheWay(root, place)?.path, place);
  });

  it("is what lies elsewhere, or is reached by a link", () => {
    symlinkSync(place, path.join(root, "link"));
    assert.deepEqual(suspectOnTheWay(root, path.join(root, "link/file")), { path: path.join(root, "link"), why: "is a symlink" });
    for (const outside of [path.join(root, ".."), `${root}/one/../../else`, `${root}-beside`, "/etc"])
      assert.match(suspectOnTheWay(root, outside)?.why ?? "", /is not inside/);
  });

  it("may be reached by a link to the whole, where that is ours", () => {
    symlinkSync(path.dirname(place), path.join(root, "link"));
    assert.equal(suspectOnTheWay(path.join(root, "link"), path.join(root, "link/two")), undefined);
    chmodSync(path.dirname(place), 0o777);
    assert.equal(suspectOnTheWay(path.join(root, "link"), path.join(root, "link/two"))?.path, path.join(root, "link"));
  });

  it("is any file or folder inside, except a link: only who can change its folder can change it", () => {
    symlinkSync("file", path.join(place, "link"));
    assert.equal(suspectIn(root), undefined);
    chmodSync(path.join(place, "file"), 0o620);
    assert.deepEqual(suspectIn(root), { path: path.join(place, "file"), why: "can be changed by other users (mode 0620)" });
    rmSync(path.join(place, "file"));
    chmodSync(place, 0o1777);
    assert.equal(suspectIn(root)?.path, place);
  });

  it("is what belongs to another user, a link among it", function () {
    skipUnless(this, process.getuid?.() === 0, "only root can give a file to another user");
    symlinkSync("file", path.join(place, "link"));
    for (const given of [path.dirname(place), path.join(place, "file"), path.join(place, "link")]) {
      lchownSync(given, NOBODY, NOBODY);
      assert.deepEqual(suspectIn(root), { path: given, why: `is owned by user ${NOBODY}, not by the current user 0` });
      lchownSync(given, 0, 0);
    }
    lchownSync(path.dirname(place), NOBODY, NOBODY);
    assert.equal(suspectOnTheWay(root, place)?.path, path.dirname(place));
  });
});
