import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, renameSync, statSync, symlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { downFolder } from "../../lib/local/down";
import { environmentFolder, makeEnvironmentFolder, stateHome } from "../../lib/local/folder";
import { makeOwnFolder } from "../../lib/files/make-folders";
import { temporaryFolder } from "../support/local-server";
import { skipUnless } from "../support/prerequisite";
import { withEnvironment } from "../support/with-environment";

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

describe("an environment's folder", () => {
  const named = (environment: string) => path.basename(environmentFolder({ project: "shop", root: tmpdir() }, environment));

  it("has the environment's name if it is a valid folder name", () => {
    assert.equal(named("development"), "development");
    assert.equal(named("pull-request-12"), "pull-request-12");
  });

  it("is unique for every environment, however similar or long the names", () => {
    const names = ["a.b", "a-b", "a_b", "A-b", "feature-checkout-redesign-1", "feature-checkout-redesign-2"];
    assert.equal(new Set(names.map(named)).size, names.length);
    for (const name of names) assert.match(named(name), /^[a-z0-9-]{1,33}$/);
  });
});

describe("an environment's folder that another user could modify", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let restore: () => void;
  let folder = "";
  beforeEach(async () => {
    home = await temporaryFolder("state");
    restore = withEnvironment({ XDG_STATE_HOME: home.folder });
    folder = find();
    await makeEnvironmentFolder(folder);
  });
  afterEach(async () => {
    restore();
    await home.remove();
  });
  const find = () => environmentFolder({ project: "shop", root: home.folder }, "development");
  const places = () => [stateHome(), path.dirname(folder), folder];
  const assertRefused = (place: string) =>
    assert.throws(find, (error: Error & { code?: string }) => {
      assert.equal(error.code, "NOT_TRUSTED");
      assert.ok(error.message.startsWith(`${place} `), error.message);
      assert.match(error.message, /\n {2}fix: .*XDG_STATE_HOME/);
      return true;
    });

  it("is refused, as is one below such a folder", () => {
    for (const place of places()) {
      const { mode } = statSync(place);
      for (const open of [0o020, 0o002]) {
        chmodSync(place, mode | open);
        assertRefused(place);
      }
      chmodSync(place, mode);
    }
    assert.equal(find(), folder);
  });

  it("is refused if it belongs to that user", function () {
    skipUnless(this, isRoot, "only root can give a folder to another user");
    for (const place of places()) {
      chownSync(place, NOBODY, NOBODY);
      assertRefused(place);
      chownSync(place, 0, 0);
    }
  });

  it("is refused if it is a link, and the link's target is not changed", async () => {
    const elsewhere = path.join(home.folder, "elsewhere");
    mkdirSync(path.join(elsewhere, "precious"), { recursive: true, mode: 0o700 });
    renameSync(folder, `${folder}-away`);
    symlinkSync(elsewhere, folder);
    assertRefused(folder);
    assert.deepEqual(await readdir(elsewhere), ["precious"]);
  });

  it("may be in a folder shared by all users, such as /tmp", () => {
    chmodSync(stateHome(), 0o1777);
    assert.equal(find(), folder);
  });

  for (const umask of [0o077, 0o002, 0])
    it(`is created for this user only, as are its parents, at umask ${umask.toString(8)}`, async () => {
      await downFolder(folder, { removeData: true });
      const before = process.umask(umask);
      try {
        await makeEnvironmentFolder(folder);
        for (const place of [...places(), path.join(folder, "servers")])
          assert.equal((statSync(place).mode & 0o777).toString(8), isRoot ? "711" : "700");
      } finally {
        process.umask(before);
      }
    });

  it("never contains one: our folders are created private, and refused otherwise", async function () {
    const own = path.join(folder, "servers/one/two");
    const before = process.umask(0);
    try {
      await makeOwnFolder(own);
    } finally {
      process.umask(before);
    }
    for (const place of [path.dirname(own), own]) assert.equal(statSync(place).mode & 0o777, 0o700);
    await makeOwnFolder(own);
    chmodSync(own, 0o770);
    await assert.rejects(makeOwnFolder(own), { code: "NOT_TRUSTED" });
    chmodSync(own, 0o700);
    symlinkSync(own, path.join(folder, "link"));
    await assert.rejects(makeOwnFolder(path.join(folder, "link")), { code: "NOT_TRUSTED" });
    skipUnless(this, isRoot, "only root can give a folder to another user");
    chownSync(own, NOBODY, NOBODY);
    await assert.rejects(makeOwnFolder(own), { code: "NOT_TRUSTED" });
  });
});
