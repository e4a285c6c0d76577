import assert from "node:assert/strict";
import { lstatSync, readdirSync } from "node:fs";
import path from "node:path";
import { makeSandbox, type Sandbox } from "../cli/harness";
import { EVERYTHING } from "../support/faults";

/** What its group or others can change, of a folder and everything in it. Links and sockets are changed by way of their folder alone. */
const changeable = (folder: string): string[] =>
  [folder, ...readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => path.join(folder, name))].filter((place) => {
    const found = lstatSync(place, { throwIfNoEntry: false });
    return found !== undefined && !found.isSymbolicLink() && (found.mode & 0o022) !== 0;
  });

describe("`endow dev` of a user with a loose umask", () => {
  let box: Sandbox;
  before(() => {
    box = makeSandbox();
    box.write("settings.ts", EVERYTHING);
  });
  after(() => box.clean());

  for (const umask of [0o002, 0])
    it(`makes nothing that another user could change, at umask ${umask.toString(8)}`, async () => {
      const before = process.umask(umask);
      const cache = path.join(path.dirname(box.root), `cache-${umask}`);
      try {
        const { code, stderr } = await box.run(["dev", "--", "true"]);
        assert.equal(code, 0, stderr);
        assert.deepEqual(changeable(box.state), []);
        assert.equal((await box.run(["plan"], { env: { XDG_CACHE_HOME: cache } })).code, 0);
        assert.deepEqual(changeable(path.join(cache, "endow")), []);
        assert.equal((await box.run(["dev"])).code, 0);
        assert.equal((await box.run(["dev", "--down", "--yes"])).code, 0);
      } finally {
        process.umask(before);
      }
    });
});
