import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { spawnService } from "../../lib/supervisor/spawn";
import { withEnvironment } from "../support/with-environment";

describe("the process of a service", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(realpathSync(tmpdir()), "endow-spawn-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("does not change the service's environment, although Node adds to that of a child", async () => {
    const environment = { LANG: "C" };
    const restore = withEnvironment({ NODE_V8_COVERAGE: path.join(folder, "coverage") });
    try {
      const service = { name: "quick", command: ["/bin/true"], folder, environment, stopSignal: "SIGTERM", stopTimeout: 1_000 } as const;
      const { child } = await spawnService(service, path.join(folder, "log"));
      await once(child, "exit");
      assert.deepEqual(environment, { LANG: "C" });
    } finally {
      restore();
    }
  });
});
