import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import path from "node:path";
import { exclusively } from "../../lib/local/exclusive";
import { serversIn } from "../../lib/local/folder";
import { temporaryFolder } from "../support/local-server";

describe("a run that has an environment to itself", () => {
  const { signal } = new AbortController();
  const waiting = () => undefined;

  it("lets no other one in", async () => {
    const { folder, remove } = await temporaryFolder("exclusive");
    try {
      let inside = 0;
      const work = async () => {
        inside += 1;
        assert.equal(inside, 1);
        await new Promise((resolve) => setTimeout(resolve, 10));
        inside -= 1;
      };
      await Promise.all(Array.from({ length: 5 }, () => exclusively(path.join(folder, "qa"), { signal, waiting }, work)));
    } finally {
      await remove();
    }
  });

  it("works in a new folder when it waited for one that was taken away", async () => {
    const { folder: parent, remove } = await temporaryFolder("exclusive");
    const folder = path.join(parent, "qa");
    try {
      let second: Promise<boolean> | undefined;
      await exclusively(folder, { signal, waiting }, async () => {
        await new Promise<void>((resolve) => {
          second = exclusively(folder, { signal, waiting: resolve }, async () => existsSync(serversIn(folder)));
        });
        await rename(folder, `${folder}.removed`);
      });
      assert.equal(await second, true);
    } finally {
      await remove();
    }
  });
});
