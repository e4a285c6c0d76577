import assert from "node:assert/strict";
import { checkDataVersion, configuration } from "../../../lib/local/redis/configuration";
import { credentialsIn } from "../../../lib/local/credentials";
import type { LocalServer } from "../../../lib/local/recipe";
import { quiet, temporaryFolder } from "../../support/local-server";

describe("a Redis server's configuration", () => {
  it("listens on this machine only and persists every change", () => {
    const text = configuration({ folder: "/data", port: 6380 });
    for (const line of ["bind 127.0.0.1", "port 6380", "protected-mode yes", "appendonly yes", 'aclfile "/data/users.acl"'])
      assert.ok(text.split("\n").includes(line), line);
  });

  it("quotes a folder with a space, a quote or a backslash in its name", () => {
    assert.match(configuration({ folder: '/my "data"\\x', port: 1 }), /^dir "\/my \\"data\\"\\\\x"$/m);
  });
});

describe("the data of a Redis server", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  afterEach(() => home.remove());

  const serverOf = (version: string): LocalServer => ({
    name: "redis",
    localName: "redis",
    folder: home.folder,
    port: 1,
    program: { path: "/bin/redis-server", version, source: "path", environment: {} },
    credentials: credentialsIn(home.folder),
    ...quiet,
  });

  it("can be opened by the same or a newer version, but not by an older one", async () => {
    home = await temporaryFolder("version");
    for (const version of ["7.0.15", "7.0.15", "7.2.4", "7.0.15", "9.1.2"]) await checkDataVersion(serverOf(version));
    await assert.rejects(checkDataVersion(serverOf("8.0.1")), {
      code: "DATA_VERSION_MISMATCH",
      message:
        /written by version 9\.1\.2; \/bin\/redis-server is version 8\.0\.1[^]*request version 9, or pass its program: `endow dev --program redis=<path>`/,
    });
    await checkDataVersion(serverOf("9.1.2"));
  });
});
