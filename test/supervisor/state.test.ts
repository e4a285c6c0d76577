import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { readSupervisorState, recoverState, type SupervisorState, writeState } from "../../lib/supervisor/state";
import { skipUnless } from "../support/prerequisite";

describe("the state file", () => {
  let folder = "";
  const file = () => path.join(folder, "state.json");
  const state = (): SupervisorState => ({
    supervisor: { pid: 2, startTime: "3", bootId: "b" },
    services: [
      {
        service: { name: "a", command: ["/bin/a"], folder: path.join(folder, "a"), environment: {}, stopSignal: "SIGINT", stopTimeout: 1 },
        status: "running",
        restarts: 1,
        identity: { pid: 4, startTime: "5", bootId: "b" },
        startedAt: "2026-01-01T00:00:00.000Z",
      },
    ],
  });
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "endow-state-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("returns what was written, is private, and leaves no draft", () => {
    writeState(folder, state());
    assert.deepEqual(readSupervisorState(folder), state());
    assert.equal(statSync(file()).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ["state.json"]);
    assert.equal((JSON.parse(readFileSync(file(), "utf8")) as { version: number }).version, 1);
  });

  it("may be missing", () => {
    assert.equal(readSupervisorState(folder), undefined);
    assert.deepEqual(
      recoverState(folder, (error) => assert.fail(String(error))),
      { services: [] },
    );
  });

  it("that is damaged is set aside and reported", () => {
    writeState(folder, state());
    const text = readFileSync(file(), "utf8");
    const damaged = [
      "",
      "{",
      "null",
      "[]",
      text.slice(0, 80),
      text.replace('"version": 1', '"version": 2'),
      text.replace('"pid": 4', '"pid": -1'),
    ];
    damaged.push(text.replace(`${folder}/a`, "/etc"), text.replace('"running"', '"dancing"'));
    for (const content of damaged) {
      writeFileSync(file(), content);
      assert.throws(() => readSupervisorState(folder), { code: "STATE_DAMAGED" });
      const reported: unknown[] = [];
      assert.deepEqual(
        recoverState(folder, (error) => reported.push(error)),
        { services: [] },
      );
      assert.equal(reported.length, 1);
      assert.equal(existsSync(file()), false);
      assert.equal(readFileSync(`${file()}.damaged`, "utf8"), content);
    }
  });

  it("that another user could have written counts as damaged, and is replaced by a private file", function () {
    writeState(folder, state());
    for (const mode of [0o620, 0o602, 0o666]) {
      chmodSync(file(), mode);
      assert.throws(() => readSupervisorState(folder), { code: "STATE_DAMAGED", message: /can be changed by other users/ });
    }
    chmodSync(file(), 0o600);
    renameSync(file(), path.join(folder, "elsewhere"));
    symlinkSync(path.join(folder, "elsewhere"), file());
    assert.throws(() => readSupervisorState(folder), { code: "STATE_DAMAGED", message: /is a symlink/ });
    rmSync(file());
    skipUnless(this, process.getuid?.() === 0, "only root can give a file to another user");
    writeState(folder, state());
    chownSync(file(), 65_534, 65_534);
    assert.throws(() => readSupervisorState(folder), { code: "STATE_DAMAGED", message: /is owned by user 65534/ });
    assert.deepEqual(
      recoverState(folder, () => undefined),
      { services: [] },
    );
    writeFileSync(`${file()}.tmp`, "");
    chownSync(`${file()}.tmp`, 65_534, 65_534);
    writeState(folder, state());
    assert.deepEqual([statSync(file()).uid, statSync(file()).mode & 0o777], [0, 0o600]);
  });

  it("with any JSON is either valid or reported as damaged", () => {
    fc.assert(
      fc.property(fc.json(), (content) => {
        writeFileSync(file(), content);
        assert.throws(() => readSupervisorState(folder), { code: "STATE_DAMAGED" });
      }),
      { numRuns: 50 },
    );
  });

  it("that cannot be written causes an error with a code", () => {
    assert.throws(() => writeState(path.join(folder, "none"), state()), { code: "STATE_NOT_WRITTEN" });
  });
});
