import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { checkApart, checkService, checkServiceFolder } from "../../lib/supervisor/check";
import type { Service } from "../../lib/supervisor/service";

const valid: Service = {
  name: "redis",
  command: ["/usr/bin/redis-server", "redis.conf"],
  folder: "/state/redis",
  environment: { LANG: "C" },
  stopSignal: "SIGTERM",
  stopTimeout: 1000,
  user: { uid: 1, gid: 1 },
  port: 6379,
  labels: { version: "7" },
};

describe("the validation of a service", () => {
  it("returns a complete service unchanged, and drops unknown fields", () => {
    assert.deepEqual(checkService({ ...valid, extra: 1 }, "/state"), valid);
  });

  const wrong: Record<string, [field: string, value: unknown][]> = {
    name: [
      ["name", "Redis"],
      ["name", "../x"],
      ["name", ""],
      ["name", `a${"b".repeat(41)}`],
      ["name", undefined],
    ],
    command: [
      ["command", []],
      ["command", ["redis"]],
      ["command", ["/x", 1]],
      ["command", ["/x", "a\0b"]],
      ["command", "/x"],
    ],
    folder: [
      ["folder", "redis"],
      ["folder", "/state"],
      ["folder", "/state/../etc"],
      ["folder", "/statement"],
      ["folder", "/etc"],
      ["folder", 1],
    ],
    environment: [
      ["environment", undefined],
      ["environment", { A: 1 }],
      ["environment", ["a"]],
      ["environment", { A: "x\0y" }],
    ],
    stopSignal: [["stopSignal", "SIGKILL"]],
    stopTimeout: [
      ["stopTimeout", -1],
      ["stopTimeout", 1.5],
      ["stopTimeout", Number.NaN],
      ["stopTimeout", 600_001],
    ],
    user: [
      ["user", { uid: "0", gid: 0 }],
      ["user", { uid: -1, gid: 0 }],
      ["user", 0],
    ],
    port: [
      ["port", 0],
      ["port", 65_536],
      ["port", "80"],
    ],
    labels: [["labels", { a: 1 }]],
  };
  for (const [field, cases] of Object.entries(wrong)) {
    it(`rejects an invalid ${field} and names it`, () => {
      for (const [name, value] of cases) {
        const problems = [{ path: field }];
        assert.throws(
          () => checkService({ ...valid, [name]: value }, "/state"),
          (error: { code: string; problems: { path: string }[] }) => {
            assert.equal(error.code, "SERVICE_INVALID");
            assert.equal(error.problems[0]?.path, problems[0]?.path);
            return true;
          },
        );
      }
    });
  }

  it("returns a service or throws SERVICE_INVALID for any input", () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        assert.throws(() => checkService(input, "/state"), { code: "SERVICE_INVALID" });
      }),
    );
  });

  it("rejects two services in one folder, or one inside the other's", () => {
    const other = (folder: string) => ({ ...valid, name: "other", folder });
    for (const folder of ["/state/redis", "/state/redis/data"]) {
      assert.throws(() => checkApart(other(folder), [valid]), { code: "SERVICE_INVALID" });
      assert.throws(() => checkApart(valid, [other(folder)]), { code: "SERVICE_INVALID" });
    }
    checkApart(other("/state/redis-2"), [valid]);
    checkApart(valid, [valid]);
  });

  it("rejects a missing folder and one behind a symlink", () => {
    const base = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-check-")));
    try {
      mkdirSync(path.join(base, "real"));
      symlinkSync("real", path.join(base, "link"));
      checkServiceFolder({ ...valid, folder: path.join(base, "real") });
      assert.throws(() => checkServiceFolder({ ...valid, folder: path.join(base, "link") }), { code: "SERVICE_INVALID" });
      assert.throws(() => checkServiceFolder({ ...valid, folder: path.join(base, "none") }), { code: "SERVICE_INVALID" });
    } finally {
      rmSync(base, { recursive: true });
    }
  });
});
