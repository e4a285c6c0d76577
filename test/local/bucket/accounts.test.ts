import assert from "node:assert/strict";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { bucketName } from "../../../lib/local/bucket";
import { accountsFolder, setAccount } from "../../../lib/local/bucket/accounts";
import { credentialsIn } from "../../../lib/local/credentials";
import type { LocalServer } from "../../../lib/local/recipe";
import { quiet, temporaryFolder } from "../../support/local-server";

describe("the accounts of an S3 server", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: LocalServer;
  let file: string;

  beforeEach(async () => {
    home = await temporaryFolder("accounts");
    const { folder } = home;
    const program = { path: "/bin/false", version: "1", source: "path", environment: {} };
    server = { name: "bucket", localName: "bucket", folder, port: 1, program, credentials: credentialsIn(folder), ...quiet };
    await mkdir(accountsFolder(server), { mode: 0o700 });
    file = path.join(accountsFolder(server), "users.json");
  });

  afterEach(() => home.remove());

  const names = async () => {
    const { accessAccounts } = JSON.parse(await readFile(file, "utf8")) as { accessAccounts: object };
    return Object.keys(accessAccounts).toSorted();
  };

  it("are in a file that only its owner can read", async () => {
    await setAccount(server, "a", { secret: "x", role: "user" });
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.deepEqual(JSON.parse(await readFile(file, "utf8")), { accessAccounts: { a: { access: "a", secret: "x", role: "user" } } });
  });

  it("can be changed concurrently by several settings without losing a change", async () => {
    await Promise.all(["a", "b", "c"].map((name) => setAccount(server, name, { secret: name, role: "user" })));
    await Promise.all([setAccount(server, "b", undefined), setAccount(server, "d", { secret: "d", role: "user" })]);
    assert.deepEqual(await names(), ["a", "c", "d"]);
  });

  it("are recreated if the file is damaged", async () => {
    await writeFile(file, '{"accessAcc');
    await setAccount(server, "a", { secret: "x", role: "user" });
    assert.deepEqual(await names(), ["a"]);
  });
});

describe("a bucket's name", () => {
  it("is the setting's name with hyphens", () => {
    assert.equal(bucketName("shared_uploads"), "shared-uploads");
  });

  it("is valid for S3, whatever the setting's name", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9_]{0,62}$/), (name) => {
        assert.match(bucketName(name), /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
      }),
    );
  });

  it("is unique", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9_]{0,3}$/), { minLength: 2, maxLength: 30 }), (names) => {
        assert.equal(new Set(names.map(bucketName)).size, names.length);
      }),
    );
    assert.notEqual(bucketName("a_b_"), bucketName("a_b__"));
  });
});
