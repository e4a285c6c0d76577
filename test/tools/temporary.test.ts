import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { importTool } from "../support/tools";
import { withEnvironment } from "../support/with-environment";
import type * as Temporary from "../../tools/checks/temporary.mjs";

describe("the place of the tests' files", () => {
  let tool: typeof Temporary;
  before(async () => (tool = await importTool<typeof Temporary>("checks/temporary.mjs")));

  it("is a folder that files can be written in, and says why it is this one", () => {
    const { folder, why } = tool.temporaryPlace();
    rmSync(mkdtempSync(path.join(folder, "endow-place-")), { recursive: true });
    assert.notEqual(why, "");
  });

  it("is the one that TMPDIR names", () => {
    const restore = withEnvironment({ TMPDIR: "/a/place/of/somebody" });
    try {
      assert.deepEqual(tool.temporaryPlace(), { folder: "/a/place/of/somebody", why: "TMPDIR" });
    } finally {
      restore();
    }
  });

  for (const [what, folder, free, reason] of [
    ["is missing", path.join(tmpdir(), "no such folder"), undefined, /cannot be used \(ENOENT\)$/],
    ["is not in memory", "/proc", undefined, /is not in memory$/],
    ["is in too little memory", "/dev/shm", 1_000_000, /^less than 4 GB of memory are free$|is not in memory$|cannot be used/],
  ] as const)
    it(`is not one that ${what}`, () => assert.match(tool.unfit(folder, free) ?? "", reason));

  it("loses what a run of some days ago has left, and nothing else", () => {
    const parent = mkdtempSync(path.join(tmpdir(), "endow-place-"));
    try {
      const [old, other, fresh] = ["endow-old", "other-old", "endow-new"].map((name) => path.join(parent, name)) as [
        string,
        string,
        string,
      ];
      const daysAgo = Date.now() / 1000 - 3 * 24 * 60 * 60;
      for (const folder of [old, other, fresh]) mkdirSync(folder);
      for (const folder of [old, other]) utimesSync(folder, daysAgo, daysAgo);
      tool.removeOld(parent);
      assert.deepEqual(readdirSync(parent), ["endow-new", "other-old"]);
    } finally {
      rmSync(parent, { recursive: true });
    }
  });
});
