import assert from "node:assert/strict";
import { run } from "../../../lib/local/sources/run";

const options = { signal: new AbortController().signal, timeout: 20_000 };
const node = (program: string, ...args: string[]) => run(process.execPath, ["-e", program, ...args], options);

describe("a tool that is run", () => {
  it("gets its arguments unchanged, without a shell", async () => {
    const args = ["$HOME", "a b", "; ls", '"', "*"];
    assert.deepEqual(JSON.parse(await node("console.log(JSON.stringify(process.argv.slice(1)))", ...args)), args);
  });

  it("has an empty standard input, so that a prompt does not block it", async () => {
    assert.equal(await node("process.stdin.on('data', () => {}).on('end', () => console.log('ended'))"), "ended\n");
  });

  it("is reported with its exit code and the last lines of standard error if it fails", async () => {
    const program = "for (let i = 1; i <= 9; i++) console.error('line ' + i); process.exit(3)";
    await assert.rejects(node(program), (error: Error) => {
      assert.match(error.message, /failed \(3\):\n {4}line 5\n {4}line 6\n {4}line 7\n {4}line 8\n {4}line 9$/);
      return true;
    });
  });

  it("is killed after its timeout", async () => {
    const slow = run(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { ...options, timeout: 300 });
    await assert.rejects(slow, { code: "SOURCE_FAILED", message: /took longer than 0.3 s/ });
  });

  it("is killed when the caller aborts, and rejects with the caller's reason", async () => {
    const stop = new AbortController();
    const slow = run(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { ...options, signal: stop.signal });
    stop.abort(new Error("given up"));
    await assert.rejects(slow, /given up/);
  });

  it("rejects with its own code if it does not exist", async () => {
    await assert.rejects(run("endow-no-such-tool", [], options), { code: "ENOENT", message: "endow-no-such-tool not found" });
  });
});
