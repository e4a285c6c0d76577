import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { repository } from "./endow-dev";

interface Result {
  readonly ok: boolean;
  readonly ready: number;
  readonly proofs: ReadonlyArray<{ readonly name: string; readonly status: "shown" | "failed" | "skipped"; readonly reason?: string }>;
  readonly stopped: readonly string[];
  readonly left: readonly string[];
}

describe("npm run demo", function () {
  this.timeout(300_000);
  let state: string;

  /** From another folder, with another database in the environment, and without a terminal. */
  const demo = async (...args: string[]): Promise<{ readonly result: Result; readonly talk: string }> => {
    const env = { ...process.env, XDG_STATE_HOME: state, CI: "true", DATABASE_URL: "postgresql://nobody@db.invalid/other" };
    const command = [path.join(repository, "tools/demo.mjs"), "--json", ...args];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command, { env, cwd: tmpdir() });
    return { result: JSON.parse(stdout) as Result, talk: stderr };
  };

  before(async () => {
    assert.ok(existsSync(path.join(repository, "dist/cli/main.js")), "there is no dist/: run `npm run build` first");
    state = await mkdtemp(path.join(tmpdir(), "endow demo-"));
  });

  after(async () => {
    await demo("--down");
    await rm(state, { recursive: true, force: true });
  });

  it("shows that what endow made is real, changes nothing the second time, and leaves nothing behind", async () => {
    const first = await demo();
    assert.deepEqual([first.result.ok, first.result.proofs[0]?.status], [true, "shown"]);
    for (const { name, status, reason } of first.result.proofs) if (status === "skipped") console.log(`SKIP: demo, ${name}: ${reason}`);
    assert.match(first.talk, /DATABASE_URL +\*\*\*/);

    const second = await demo();
    assert.match(second.talk, /nothing changed/);
    assert.deepEqual(
      second.result.proofs.map(({ status }) => status),
      first.result.proofs.map(({ status }) => status),
    );

    const down = await demo("--down");
    assert.ok(down.result.stopped.includes("postgres-17"));
    assert.deepEqual(down.result.left, []);
    assert.deepEqual(await readdir(path.join(state, "endow")), []);
  });
});
