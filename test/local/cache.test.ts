import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, readdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { addToCache, cacheFolder, findInCache } from "../../lib/local/cache";
import { rejectionOf } from "../support/errors";
import { temporaryFolder } from "../support/local-server";
import { skipUnless } from "../support/prerequisite";
import { withEnvironment } from "../support/with-environment";

const key = { source: "npm", name: "@scope/program", version: "1.2.3", executable: "bin/program" };

const fill = async (folder: string): Promise<string> => {
  await mkdir(path.join(folder, "bin"));
  await writeFile(path.join(folder, "bin/program"), "#!/bin/sh\n", { mode: 0o755 });
  return "1.2";
};

describe("the cache of downloaded programs", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let restore: () => void;

  beforeEach(async () => {
    home = await temporaryFolder("cache");
    restore = withEnvironment({ XDG_CACHE_HOME: home.folder });
  });

  afterEach(async () => {
    restore();
    await home.remove();
  });

  it("is in $XDG_CACHE_HOME, which counts only if it is absolute", () => {
    assert.equal(cacheFolder(), path.join(home.folder, "endow"));
    process.env["XDG_CACHE_HOME"] = "relative";
    const found = cacheFolder();
    delete process.env["XDG_CACHE_HOME"];
    assert.equal(found, cacheFolder());
  });

  it("finds an entry only after it was added", async () => {
    assert.equal(await findInCache(key), undefined);
    const added = await addToCache(key, fill);
    assert.deepEqual(added, { folder: path.join(home.folder, "endow/npm/@scope/program@1.2.3"), programVersion: "1.2" });
    assert.deepEqual(await findInCache(key), added);
  });

  it("leaves nothing behind when filling fails", async () => {
    await assert.rejects(
      addToCache(key, async (folder) => {
        await fill(folder);
        throw new Error("the network is gone");
      }),
      /the network is gone/,
    );
    assert.equal(await findInCache(key), undefined);
    assert.deepEqual(await readdir(path.join(home.folder, "endow/npm/@scope")), []);
  });

  it("does not accept an entry whose program is missing", async () => {
    await assert.rejects(
      addToCache(key, () => Promise.resolve("1.2")),
      { code: "ENOENT" },
    );
    assert.equal(await findInCache(key), undefined);
  });

  for (const [damage, hurt] of Object.entries<(folder: string) => Promise<void>>({
    "whose marker is gone": (folder) => rm(path.join(folder, "endow.json")),
    "whose marker is half written": (folder) => writeFile(path.join(folder, "endow.json"), '{"programVer'),
    "whose program is gone": (folder) => rm(path.join(folder, "bin"), { recursive: true }),
  })) {
    it(`fetches an entry again ${damage}`, async () => {
      const { folder } = await addToCache(key, fill);
      await hurt(folder);
      assert.equal(await findInCache(key), undefined);
      await addToCache(key, fill);
      assert.equal((await findInCache(key))?.programVersion, "1.2");
      assert.deepEqual(await readdir(path.dirname(folder)), ["program@1.2.3"]);
    });
  }

  it("gives two concurrent callers a valid entry each", async () => {
    const entries = await Promise.all([addToCache(key, fill), addToCache(key, fill), addToCache(key, fill)]);
    for (const { folder } of entries) await stat(path.join(folder, "bin/program"));
    assert.deepEqual(await readdir(path.dirname(entries[0].folder)), ["program@1.2.3"]);
  });

  it("contains no entry after a process was killed midway, and removes its leftovers once they are old", async () => {
    const program = `require(${JSON.stringify(require.resolve("../../lib/local/cache"))})
      .addToCache(${JSON.stringify(key)}, () => { console.log("filling"); return new Promise(() => setInterval(() => {}, 1000)); });`;
    const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(await findInCache(key), undefined);
    const parent = path.join(home.folder, "endow/npm/@scope");
    const [left = ""] = await readdir(parent);
    assert.match(left, /\.tmp-/);
    await utimes(path.join(parent, left), 0, 0);
    await addToCache(key, fill);
    assert.deepEqual(await readdir(parent), ["program@1.2.3"]);
  });

  for (const umask of [0o077, 0o002, 0])
    it(`lets other users read and run its content but not modify it, at umask ${umask.toString(8)}`, async () => {
      const before = process.umask(umask);
      try {
        const { folder } = await addToCache(key, async (temporary) => {
          const version = await fill(temporary);
          await chmod(path.join(temporary, "bin/program"), umask === 0 ? 0o777 : 0o700);
          await writeFile(path.join(temporary, "README"), "");
          return version;
        });
        const mode = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
        for (const each of [path.join(home.folder, "endow"), path.dirname(folder), folder, path.join(folder, "bin")])
          assert.equal(await mode(each), "755");
        assert.equal(await mode(path.join(folder, "bin/program")), "755");
        assert.equal(await mode(path.join(folder, "README")), "644");
        assert.ok(await findInCache(key));
      } finally {
        process.umask(before);
      }
    });

  describe("with content that another user can modify or has created", () => {
    let folder = "";
    beforeEach(async () => ({ folder } = await addToCache(key, fill)));
    const places = () => ({
      "the cache itself": cacheFolder(),
      "the source's folder": path.join(cacheFolder(), "npm"),
      "a folder on the way": path.dirname(folder),
      "the entry": folder,
      "a folder in it": path.join(folder, "bin"),
      "the program": path.join(folder, "bin/program"),
      "the marker": path.join(folder, "endow.json"),
    });
    const refused = async (place: string) => {
      for (const use of [() => findInCache(key), () => addToCache(key, fill)]) {
        const { code, message } = await rejectionOf(use());
        assert.equal(code, "NOT_TRUSTED");
        assert.ok(message.startsWith(`${place} `) && message.includes(`delete it, and endow creates it again: rm -r '${place}'`), message);
      }
    };

    for (const name of [
      "the cache itself",
      "the source's folder",
      "a folder on the way",
      "the entry",
      "a folder in it",
      "the program",
      "the marker",
    ] as const) {
      it(`is refused if ${name} is writable by its group or by others`, async () => {
        const place = places()[name];
        const { mode } = await stat(place);
        for (const open of [0o020, 0o002]) {
          await chmod(place, mode | open);
          await refused(place);
        }
        await chmod(place, mode);
        assert.ok(await findInCache(key));
      });

      it(`is refused if ${name} belongs to another user`, async function () {
        skipUnless(this, process.getuid?.() === 0, "only root can give a file to another user");
        await chown(places()[name], 65_534, 65_534);
        await refused(places()[name]);
      });
    }

    it("is refused if a folder in it is a link to another place", async () => {
      await rm(path.join(cacheFolder(), "npm"), { recursive: true });
      await mkdir(path.join(home.folder, "elsewhere"));
      await symlink(path.join(home.folder, "elsewhere"), path.join(cacheFolder(), "npm"));
      await refused(path.join(cacheFolder(), "npm"));
    });

    it("is created again after the fix in the error was applied", async () => {
      await chmod(path.dirname(folder), 0o777);
      await rm(path.dirname(folder), { recursive: true });
      await addToCache(key, fill);
      assert.ok(await findInCache(key));
    });
  });
});
