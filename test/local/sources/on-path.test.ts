import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { givenPath, onPath } from "../../../lib/local/sources";
import { quiet, temporaryFolder } from "../../support/local-server";
import { withEnvironment } from "../../support/with-environment";

const probe = { versionPattern: /v=(\d+(?:\.\d+)*)/ };
const wanted = { ...probe, programs: ["endow-valkey", "endow-redis"], install: { apt: "redis", brew: "redis" } };

describe("an installed program", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let restore: () => void;

  const install = async (folder: string, name: string, script: string, mode = 0o755) => {
    await mkdir(path.join(home.folder, folder), { recursive: true });
    await writeFile(path.join(home.folder, folder, name), `#!/bin/sh\n${script}\n`, { mode });
  };

  beforeEach(async () => {
    home = await temporaryFolder("path");
    restore = withEnvironment({ PATH: ["a", "b"].map((name) => path.join(home.folder, name)).join(path.delimiter) });
  });

  afterEach(async () => {
    restore();
    await home.remove();
  });

  it("is found on PATH, with its version", async () => {
    await install("b", "endow-redis", "echo server v=7.0.15 sha=0");
    const found = { path: path.join(home.folder, "b/endow-redis"), version: "7.0.15", source: "system", environment: {} };
    assert.deepEqual(await onPath(wanted).find(quiet), found);
  });

  it("is preferred by the order of the names, in any folder", async () => {
    await install("a", "endow-redis", "echo server v=7.0.15");
    await install("b", "endow-valkey", "echo server v=8.0.1");
    assert.equal((await onPath(wanted).find(quiet)).version, "8.0.1");
  });

  it("is skipped if its version is wrong and a later folder has the right one", async () => {
    await install("a", "endow-redis", "echo server v=6.2.1");
    await install("b", "endow-redis", "echo server v=7.0.15");
    assert.equal((await onPath(wanted).find({ ...quiet, version: "7" })).version, "7.0.15");
    assert.equal((await onPath({ ...wanted, oldest: "7.0" }).find(quiet)).version, "7.0.15");
  });

  it("is found in extra folders after those on PATH", async () => {
    await install("c", "endow-redis", "echo server v=7.2.0");
    assert.equal((await onPath({ ...wanted, folders: [path.join(home.folder, "c")] }).find(quiet)).version, "7.2.0");
  });

  it("is skipped, with the reason, if it is not an executable file, fails, or prints no version", async () => {
    await install("a", "endow-valkey", "echo server v=9.0.0", 0o644);
    await mkdir(path.join(home.folder, "b/endow-valkey"), { recursive: true });
    await install("a", "endow-redis", "echo broken library >&2; exit 127");
    await install("b", "endow-redis", "echo hello");
    const found = await onPath(wanted).find(quiet);
    assert.ok("reason" in found);
    assert.match(
      found.reason,
      /a\/endow-redis: .*failed \(127\):\n {4}broken library; .*b\/endow-redis: `--version` does not print a version/,
    );
  });

  it("is reported by name if it is not found", async () => {
    const found = await onPath(wanted).find(quiet);
    assert.ok("reason" in found);
    assert.equal(found.reason, "endow-valkey or endow-redis not found");
  });

  describe("and named by path", () => {
    it("is used if it has the requested version", async () => {
      await install("c", "anything", "echo server v=7.0.15");
      const file = path.join(home.folder, "c/anything");
      const found = await givenPath(probe).find({ ...quiet, path: file, version: "7" });
      assert.deepEqual(found, { path: file, version: "7.0.15", source: "path", environment: {} });
    });

    it("is an error if it has another version or does not exist: nothing else is tried", async () => {
      await install("c", "anything", "echo server v=7.0.15");
      const file = path.join(home.folder, "c/anything");
      const source = givenPath(probe);
      await assert.rejects(source.find({ ...quiet, path: file, version: "8" }), {
        code: "SERVER_UNAVAILABLE",
        message: /cannot be used: it has version 7.0.15, not 8/,
      });
      await assert.rejects(source.find({ ...quiet, path: `${file}-else` }), {
        code: "SERVER_UNAVAILABLE",
        message: /anything-else not found/,
      });
    });
  });
});
