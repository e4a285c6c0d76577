import assert from "node:assert/strict";
import { EndowError, fault } from "../../lib/errors";
import { withRealCause } from "../../lib/internal/open-files";

const system = (code: string) => Object.assign(new Error(`${code}: too many open files, open '/a/b'`), { code, errno: -24, path: "/a/b" });

describe("an error that comes of too many open files", () => {
  for (const message of [
    "/a/b cannot be read (EMFILE)",
    "the supervisor could not start:\n  spawn /usr/bin/node EMFILE",
    "postgres failed; its log ends:\n  FATAL:  insufficient file descriptors available to start server process",
    "redis failed; its log ends:\n  Your current 'ulimit -n' of 28 is not enough for the server to start.",
    "bucket failed; its log ends:\n  accept tcp 127.0.0.1:1: accept4: too many open files",
  ])
    it(`says so, and what to do about that: ${message.split("\n").at(-1)}`, () => {
      const error = withRealCause(fault("PASSWORDS_GONE", message, "remove the file", "/a/b"));
      assert.equal(error.code, "TOO_MANY_OPEN_FILES");
      assert.ok(error.message.startsWith(`too many open files: ${message}\n  fix: raise the limit (\`ulimit -n `), error.message);
      assert.ok(!error.message.includes("remove the file"));
      assert.equal(error.problems[0]?.path, "/a/b");
    });

  it("says so when it is the system's own", () => {
    const error = withRealCause(system("EMFILE"));
    assert.ok(error instanceof EndowError);
    assert.match(error.message, /^too many open files: EMFILE: .* open '\/a\/b'\n {2}fix: raise the limit/);
  });

  it("says so when it is the whole machine that has no more", () => {
    assert.match((withRealCause(system("ENFILE")) as Error).message, /fix: the machine's limit is reached: stop programs/);
  });

  it("is told beside the others that were found with it", () => {
    const problem = (code: string, message: string) => ({ code, path: "", message, fix: `fix ${code}` });
    const all = new EndowError("SERVERS_FAILED", "Servers failed to start:", [problem("A", "a failed (EMFILE)"), problem("B", "b failed")]);
    const error = withRealCause(all);
    assert.equal(error.code, "SERVERS_FAILED");
    assert.match(
      error.message,
      /^Servers failed to start:\n {2}- too many open files: .*a failed \(EMFILE\)\n {6}fix: raise the limit[^\n]+\n {2}- b failed\n {6}fix: fix B$/,
    );
    assert.deepEqual(
      error.problems.map(({ code }) => code),
      ["TOO_MANY_OPEN_FILES", "B"],
    );
  });

  it("is not replaced twice", () => {
    const once = withRealCause(system("EMFILE"));
    assert.equal(withRealCause(once), once);
  });

  it("leaves any other error unchanged", () => {
    for (const other of [fault("A", "a file of the name EMFILES", "b"), new TypeError("EMFILE"), system("EACCES"), "EMFILE", undefined])
      assert.equal(withRealCause(other), other);
  });
});
