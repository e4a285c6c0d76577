import assert from "node:assert/strict";
import { secret } from "@pulumi/pulumi";
import { load, postgresUrl, settings } from "../../../lib/index";
import { postgres } from "../../../lib/local/postgres";
import { ADMINISTRATOR } from "../../../lib/local/postgres/logins";
import { local, onServer, SettingsGroup, type LocalServerReference } from "../../../lib/pulumi";
import { count, insert, refused } from "../../conformance/database";
import { engine } from "../../support/engine";
import { testServer, type TestServer } from "../../support/local-server";
import { sql } from "../../support/postgres-server";
import { registerSecret } from "../../support/secrets";
import { withStack, type TestStack } from "../../support/stack";

const shared = settings("shared", { databaseUrl: postgresUrl() });

describe("a stack on an existing server", () => {
  let theirs: TestServer;
  let administrator: { username: string; password: string };
  before(async function () {
    await engine(this);
    theirs = await testServer("theirs", postgres, "17");
    await theirs.start();
    administrator = { username: ADMINISTRATOR, password: registerSecret(await theirs.server.credentials.get(ADMINISTRATOR)) };
  });
  after(() => theirs?.remove());

  const asAdministrator = (text: string) => sql({ ...administrator, port: theirs.server.port, database: "postgres" }, text);
  const use = (stack: TestStack, more: Partial<LocalServerReference> = {}) =>
    stack.use(async () => {
      const login = { ...administrator, password: secret(administrator.password) };
      const databaseUrl = onServer({ host: "127.0.0.1", port: theirs.server.port, administrator: login, ...more });
      return { env: new SettingsGroup("shared", { group: shared, target: local({ root: stack.app }), existing: { databaseUrl } }).env };
    });
  const url = async (stack: TestStack) => {
    const { env } = await stack.outputs();
    return (await load(shared, { env: env?.value as Record<string, string> })).databaseUrl;
  };

  it("is previewed without touching it, updated when its administrator changes, and reports what to do when the server is gone", () =>
    withStack({ program: async () => undefined }, async (stack) => {
      use(stack);
      await stack.preview();
      assert.deepEqual(await asAdministrator("select 1 from pg_roles where rolname like 's_shop%'"), []);

      await stack.up();
      await insert(await url(stack));
      const other = { username: "another-administrator", password: registerSecret("password of the other administrator") };
      await asAdministrator(`create role "${other.username}" login createrole createdb password '${other.password}'`);
      await asAdministrator(`grant connect on database postgres to "${other.username}"`);
      const { username } = await url(stack);
      await asAdministrator(`grant "${username}", "${username}_owner" to "${other.username}" with admin option`);
      use(stack, { administrator: other });
      const { changes } = await stack.up();
      assert.deepEqual([changes.update, changes.create, changes.replace, changes.delete], [1, undefined, undefined, undefined]);
      assert.equal(await count(await url(stack)), 1);
      await stack.expectNoChanges();

      const before = await url(stack);
      await theirs.stop();
      await assert.rejects(stack.destroy(), (error: Error) => {
        assert.match(error.message, /does not answer on 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
        assert.match(error.message, /no longer exists, keep the login: `pulumi state delete <urn>`/);
        return true;
      });
      await theirs.start();
      await stack.destroy();
      await refused(before);
      stack.assertNoSecret(
        [administrator.password, other.password, before.password.reveal()],
        stack.output(),
        JSON.stringify(stack.events),
      );
    }));
});
