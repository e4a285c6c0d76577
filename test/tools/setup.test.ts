import assert from "node:assert/strict";
import { importTool } from "../support/tools";
import type * as Setup from "../../tools/setup.mjs";

describe("whether the dependencies are installed", () => {
  let isInstalled: (typeof Setup)["isInstalled"];
  before(async () => ({ isInstalled } = await importTool<typeof Setup>("setup.mjs")));

  const zod = { version: "4.6.7", integrity: "sha512-a" };
  const lock = (packages: Setup.Lockfile["packages"]) => ({ packages });

  it("is so when npm noted what the lockfile asks for", () => {
    assert.equal(isInstalled(lock({ "": {}, "node_modules/zod": zod }), lock({ "node_modules/zod": zod })), true);
  });

  it("is not so without node_modules, or when npm was interrupted before it noted anything", () => {
    assert.equal(isInstalled(lock({ "node_modules/zod": zod }), undefined), false);
  });

  it("is not so when a package is missing", () => {
    assert.equal(isInstalled(lock({ "node_modules/zod": zod }), lock({})), false);
  });

  it("is not so when a package has another version, or the same version with other content", () => {
    const wanted = lock({ "node_modules/zod": zod });
    assert.equal(isInstalled(wanted, lock({ "node_modules/zod": { ...zod, version: "4.6.6" } })), false);
    assert.equal(isInstalled(wanted, lock({ "node_modules/zod": { ...zod, integrity: "sha512-b" } })), false);
  });

  it("does not ask for a binary of another system, but for the right version of one that is there", () => {
    const wanted = lock({ "node_modules/@esbuild/win32-x64": { version: "0.28.2", optional: true } });
    assert.equal(isInstalled(wanted, lock({})), true);
    assert.equal(isInstalled(wanted, lock({ "node_modules/@esbuild/win32-x64": { version: "0.28.1", optional: true } })), false);
  });
});

describe("the version of Node that the tools need", () => {
  it("is the one of package.json", async () => {
    const { requireNode } = await importTool<typeof Setup>("setup.mjs");
    for (const version of ["18.20.8", "20.18.3"]) assert.throws(() => requireNode(version), /needs Node 20\.19 or newer/);
    for (const version of ["20.19.0", "22.0.0", "24.1.0"]) requireNode(version);
  });
});
