import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../lib/local/cache";
import { skipUnless } from "../support/prerequisite";
import { withEnvironment } from "../support/with-environment";
import { temporary } from "./temporary";

const NOBODY = 65_534;

/** Runs in a separate process, because a process caches the modules it loads. */
const LOAD = `require(${JSON.stringify(require.resolve("../../lib/workspace/module"))}).loadModule(process.argv[1])
  .then(({ answer }) => console.log(JSON.stringify({ answer })), ({ code, message }) => console.log(JSON.stringify({ code, message })));`;

interface Loaded {
  readonly answer?: number;
  readonly code?: string;
  readonly message?: string;
}

describe("the compiled settings", () => {
  let place: ReturnType<typeof temporary>;
  let restore: () => void;
  let file: string;
  beforeEach(() => {
    place = temporary();
    restore = withEnvironment({ XDG_CACHE_HOME: path.join(place.folder, "cache") });
    file = place.write("settings.ts", "export const answer: number = 42;\n");
  });
  afterEach(() => {
    restore();
    place.remove();
  });

  const compiled = () => path.join(cacheFolder(), "settings");
  const files = () => readdirSync(compiled()).map((name) => path.join(compiled(), name));
  const load = async () => JSON.parse((await promisify(execFile)(process.execPath, ["-e", LOAD, file])).stdout) as Loaded;
  const answer = async () => (await load()).answer;
  /** Replaces the compiled code, which jiti identifies by its last line alone. */
  const forge = () => {
    const [kept = ""] = files();
    writeFileSync(kept, readFileSync(kept, "utf8").replace("42", "13"));
    return kept;
  };

  it("are read from the cache: the cached code is what runs", async () => {
    assert.equal(await answer(), 42);
    forge();
    assert.equal(await answer(), 13);
  });

  for (const umask of [0o022, 0o002, 0])
    it(`are closed to other users, and reused, at umask ${umask.toString(8)}`, async () => {
      const before = process.umask(umask);
      try {
        await answer();
        const modes = [cacheFolder(), compiled(), ...files()].map((each) => (statSync(each).mode & 0o777).toString(8));
        assert.deepEqual(modes, ["755", "700", "600"]);
        const inodes = () => files().map((each) => statSync(each).ino);
        const kept = inodes();
        await answer();
        assert.deepEqual(inodes(), kept);
      } finally {
        process.umask(before);
      }
    });

  it("are compiled again if another user could have changed a file", async () => {
    await answer();
    const kept = forge();
    chmodSync(kept, 0o666);
    assert.equal(await answer(), 42);
    assert.equal(statSync(kept).mode & 0o777, 0o600);
  });

  it("are compiled again if another user owns a file", async function () {
    skipUnless(this, process.getuid?.() === 0, "only root can give a file to another user");
    await answer();
    // Files that root owns are trusted, and this test runs as root.
    chownSync(forge(), NOBODY, NOBODY);
    assert.equal(await answer(), 42);
    assert.deepEqual(
      files().map((each) => statSync(each).uid),
      [0],
    );
  });

  for (const [name, of] of Object.entries({ "the cache": cacheFolder, "their folder": compiled })) {
    it(`are refused if other users can write to ${name}`, async () => {
      await answer();
      forge();
      for (const mode of [0o775, 0o777]) {
        chmodSync(of(), mode);
        const { code, message = "" } = await load();
        assert.equal(code, "NOT_TRUSTED");
        assert.ok(message.startsWith(`${of()} can be changed by other users`) && message.includes(`rm -r '${of()}'`), message);
      }
      rmSync(of(), { recursive: true });
      assert.equal(await answer(), 42);
    });

    it(`are refused if another user owns ${name}`, async function () {
      skipUnless(this, process.getuid?.() === 0, "only root can give a folder to another user");
      mkdirSync(of(), { recursive: true });
      chownSync(of(), NOBODY, NOBODY);
      assert.equal((await load()).code, "NOT_TRUSTED");
    });
  }

  it("are closed if other users could read them", async () => {
    mkdirSync(compiled(), { recursive: true, mode: 0o755 });
    await answer();
    assert.equal(statSync(compiled()).mode & 0o777, 0o700);
  });

  it("are not cached if the cache folder cannot be created", async () => {
    writeFileSync(path.join(place.folder, "cache"), "a file");
    assert.equal(await answer(), 42);
    assert.ok(!existsSync(compiled()));
  });
});
