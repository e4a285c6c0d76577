import assert from "node:assert/strict";
import { chmodSync, mkdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { makeSandbox, POSTGRES, type Sandbox } from "../cli/harness";
import { assertNothingLeaks, assertNothingLeft, EVERYTHING, portsIn } from "../support/faults";
import { asNobody, nodeAlone, withNodeAlone } from "../support/faults-machine";
import { skipUnless, skipUnlessAsNobody, skipWithout } from "../support/prerequisite";

const isRoot = process.getuid?.() === 0;

describe("`endow dev` as a user that is not root", () => {
  let box: Sandbox;
  let nobody: ReturnType<typeof asNobody>;
  /** A folder of root's. */
  let closed: string;
  before(async function () {
    await skipUnlessAsNobody(this);
    box = makeSandbox();
    box.write("settings.ts", EVERYTHING);
    nobody = asNobody(box);
    closed = path.join(nobody.home, "closed");
    mkdirSync(closed, { mode: 0o755 });
  });
  after(async () => {
    await nobody?.run(["dev", "--down", "--yes"]);
    await box?.clean();
  });

  it("is one error where the state cannot be written, and makes nothing", async () => {
    const { code, stderr } = await nobody.run(["dev"], { XDG_STATE_HOME: closed });
    assert.equal(code, 1);
    assert.match(stderr, /^error: [^\n]+\/closed\/endow[^\n]* cannot be created or is not writable/);
    assert.match(stderr, /code: FOLDER_NOT_WRITABLE/);
  });

  it("is one error where programs cannot be kept, and the app is not started", async () => {
    // Of a version that nobody has installed.
    box.write("settings.ts", POSTGRES.replace("17", "14"));
    const { code, stdout, stderr } = await nobody.run(["dev", "--", "echo", "the app runs"], { XDG_CACHE_HOME: closed });
    box.write("settings.ts", EVERYTHING);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^error: [^\n]+\/closed\/endow[^\n]* cannot be created or is not writable[^\n]*\n {2}fix: [^\n]+\n {2}code: FOLDER_NOT_WRITABLE$/m,
    );
  });

  it("brings everything up, shows no password, and leaves nothing when it goes down", async () => {
    const state = path.join(nobody.home, ".local/state");
    const { code, stdout, stderr } = await nobody.run(["dev", "--", "id", "-u"]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "65534\n");
    await assertNothingLeaks({ state });
    const ports = portsIn(state);
    const down = await nobody.run(["dev", "--down", "--yes"]);
    assert.equal(down.code, 0, down.stderr);
    await assertNothingLeft({ ...box, state }, ports);
  });
});

describe("`endow dev` on a machine with Node and npm alone, the first time", () => {
  let box: Sandbox;
  before(() => {
    box = makeSandbox();
    box.write("settings.ts", EVERYTHING);
  });
  after(() => box.clean());

  it("has PostgreSQL, and names for the others the one command that would bring them", async function () {
    skipUnless(this, isRoot, "only root can hide the programs that are installed");
    await skipWithout(this, "unshare", "npm");
    const base = path.dirname(box.root);
    // PostgreSQL, which refuses root, runs from the cache as another user.
    chmodSync(base, 0o711);
    const npm =
      (process.env["PATH"] ?? "")
        .split(path.delimiter)
        .map((folder) => path.join(folder, "npm"))
        .find(isThere) ?? "";
    const programs = nodeAlone(path.join(base, "bin"), npm);
    const cache = path.join(base, "cache");
    mkdirSync(cache, { mode: 0o755 });
    const result = await withNodeAlone(box, programs, ["dev", "--json"], { XDG_CACHE_HOME: cache });
    skipUnless(this, result.code !== 99, "Go cannot be hidden here");
    assert.equal(result.code, 0, result.stderr);
    const report = JSON.parse(result.stdout) as {
      servers: { kind: string; source: string }[];
      unavailable: { name: string; fix: string }[];
    };
    assert.deepEqual(
      report.servers.map(({ kind, source }) => [kind, source]),
      [["postgres", "npm"]],
    );
    assert.deepEqual(
      report.unavailable.map(({ name, fix }) => [name.replace(/-.*/, ""), /^\S[^\n]+$/.test(fix)]),
      [
        ["redis", true],
        ["bucket", true],
      ],
    );
  });
});

const isThere = (file: string): boolean => {
  try {
    return realpathSync(file) !== "";
  } catch {
    return false;
  }
};
