import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import fc from "fast-check";
import {
  appRules,
  appUsers,
  changeUsers,
  accessFile,
  disabledRules,
  formatUsers,
  parseUsers,
  readUsers,
} from "../../../lib/local/redis/access";
import { credentialsIn } from "../../../lib/local/credentials";
import type { LocalServer } from "../../../lib/local/recipe";
import { quiet, temporaryFolder } from "../../support/local-server";

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,62}$/);
const rules = fc.stringMatching(/^(on|off)( [+~&#@a-z0-9*-]+){1,5}$/);

describe("the users of a Redis server", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: LocalServer;

  beforeEach(async () => {
    home = await temporaryFolder("access");
    const { folder } = home;
    const program = { path: "/bin/false", version: "7.0", source: "path", environment: {} };
    server = { name: "redis", localName: "redis", folder, port: 1, program, credentials: credentialsIn(folder), ...quiet };
  });

  afterEach(() => home.remove());

  it("are read back as written", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, rules), { selector: ([user]) => user }), (entries) => {
        const users = new Map(entries);
        assert.deepEqual(parseUsers(formatUsers(users)), users);
      }),
    );
  });

  it("are stored with the SHA-256 of their passwords", () => {
    const written = appRules("correct horse");
    assert.ok(!written.includes("correct"));
    assert.match(written, /^on #[0-9a-f]{64} ~\* &\* \+@all -@admin -@dangerous /);
    assert.match(disabledRules(written), /^off #[0-9a-f]{64} /);
  });

  it("are in a file that only its owner can read, with the default user disabled", async () => {
    await changeUsers(server, (users) => users.set("shared_redis_url", appRules("x")));
    assert.equal((await stat(accessFile(server))).mode & 0o777, 0o600);
    assert.match(await readFile(accessFile(server), "utf8"), /^user default off resetchannels -@all$/m);
  });

  it("can be changed concurrently by two settings without losing a change", async () => {
    await Promise.all(["a", "b", "c", "d"].map((each) => changeUsers(server, (users) => users.set(each, appRules(each)))));
    assert.deepEqual(appUsers(readUsers(server)).toSorted(), ["a", "b", "c", "d"]);
  });

  it("are not rewritten when nothing changes", async () => {
    const change = () => changeUsers(server, (users) => users.set("a", appRules("a")));
    await change();
    const before = await stat(accessFile(server));
    await change();
    assert.equal((await stat(accessFile(server))).ino, before.ino);
  });
});
