import assert from "node:assert/strict";
import { freePort } from "../../lib/local/ports";
import { postgres } from "../../lib/local/postgres";
import { ADMINISTRATOR } from "../../lib/local/postgres/logins";
import { load, postgresUrl, redisUrl, settings, type Group, type PostgresConnection } from "../../lib/index";
import { provisioned, provisionedKinds } from "../../lib/kinds";
import { app, existing, existingServer, Project, type ProjectArgs, type Target } from "../../lib/pulumi";
import { provisionedSettings } from "../support/each-kind";
import { engine } from "../support/engine";
import { testServer, type TestServer } from "../support/local-server";
import { registerSecret } from "../support/secrets";
import { withStack, type TestStack } from "../support/stack";
import { count, insert, refused } from "./database";

export interface TargetUnderTest {
  readonly name: string;
  /** Its stacks: one of a type that it deploys. */
  readonly stackName: string;
  readonly target: (stack: TestStack) => Target;
}

const shared = settings("shared", { databaseUrl: postgresUrl() });
const withoutDatabase = settings("shared", { queueUrl: redisUrl() });

/** What every target owes whoever uses it: through a real engine, with the resources that it really makes. */
export const describeTarget = ({ name, stackName, target }: TargetUnderTest): Mocha.Suite =>
  describe(`the target ${name}`, function () {
    this.timeout(300_000);

    before(async function () {
      await engine(this);
    });

    const run = (test: (deploy: Deploy, stack: TestStack) => Promise<void>) =>
      withStack({ program: async () => undefined, stackName }, (stack) => test(deployWith(stack, target), stack));

    it("makes what a setting of each kind needs, gives values that load() takes, and changes nothing the second time", () =>
      run(async (deploy, stack) => {
        const all = settings("all", provisionedSettings);
        const { env } = await deploy([all]);
        const config = await load(all, { env: env("all") });
        assert.deepEqual(Object.keys(config), provisionedKinds.names);
        await insert(config.postgres as PostgresConnection);
        await stack.expectNoChanges();
      }));

    it("changes a resource in place when an option changes, and keeps the data of one that is renamed or moved with `formerly`", () =>
      run(async (deploy) => {
        const { databaseUrl } = await load(shared, { env: (await deploy([shared])).env("shared") });
        await insert(databaseUrl);
        const extensions = ["pgcrypto"];
        const extended = settings("shared", { databaseUrl: postgresUrl({ extensions }) });
        const first = await deploy([extended]);
        assert.deepEqual([first.changes.update, first.changes.replace, first.changes.delete], [1, undefined, undefined]);
        assert.equal(await count((await load(extended, { env: first.env("shared") })).databaseUrl), 1);

        const renamed = settings("shared", { mainUrl: postgresUrl({ extensions, formerly: ["shared.databaseUrl"] }) });
        const second = await deploy([renamed]);
        assert.deepEqual([second.changes.create, second.changes.replace, second.changes.delete], [undefined, undefined, undefined]);
        assert.equal(await count((await load(renamed, { env: second.env("shared") })).mainUrl), 1);

        const moved = settings("billing", { ledgerUrl: postgresUrl({ extensions, formerly: ["shared.databaseUrl", "shared.mainUrl"] }) });
        const third = await deploy([withoutDatabase, moved]);
        assert.equal(third.changes.replace, undefined);
        assert.equal(await count((await load(moved, { env: third.env("billing") })).ledgerUrl), 1);
      }));

    it("shuts out the login of a setting that is removed, keeps its data, and lets it in again", () =>
      run(async (deploy) => {
        const { databaseUrl } = await load(shared, { env: (await deploy([shared])).env("shared") });
        await insert(databaseUrl);
        await deploy([withoutDatabase]);
        await refused(databaseUrl);
        const { env } = await deploy([shared]);
        assert.equal(await count((await load(shared, { env: env("shared") })).databaseUrl), 1);
      }));

    it("gives a workload the groups that it reads and no other, marks every secret output, and shows no secret", () =>
      run(async (deploy, stack) => {
        const port = await freePort();
        const billing = settings("billing", { ledgerUrl: postgresUrl() });
        const serve = `require("http").createServer((q, a) => a.end(JSON.stringify(Object.keys(process.env)))).listen(process.env.PORT, "127.0.0.1")`;
        const web = app({ command: [process.execPath, "-e", serve], port, reads: [shared] });
        const { env, fields, isSecret, url } = await deploy([shared, billing], { apps: { web }, fieldsOf: shared });
        const names = (await (await fetch(url("web"))).json()) as string[];
        for (const name of ["DATABASE_URL", "ENDOW_SHARED", "ENDOW_ENVIRONMENT", "PORT"]) assert.ok(names.includes(name), name);
        for (const name of ["LEDGER_URL", "ENDOW_BILLING"]) assert.ok(!names.includes(name), name);

        const { databaseUrl } = await load(shared, { env: env("shared") });
        const password = registerSecret(databaseUrl.password.reveal());
        assert.equal(fields["password"]?.value, password);
        for (const [field, visibility] of Object.entries(provisioned.postgres.fields))
          assert.equal(fields[field]?.secret, visibility === "secret", field);
        assert.ok(isSecret("shared"));
        stack.assertNoSecret([password, databaseUrl.reveal()], stack.output(), JSON.stringify(stack.events));
      }));

    it("makes nothing for a resource that exists, and delivers its values", () =>
      run(async (deploy) => {
        const password = registerSecret("somebody's password & more");
        const fields = {
          host: "db.internal",
          port: 5432,
          database: "orders",
          username: "orders",
          password,
          tls: { mode: "verify-full" } as const,
        };
        const { env, types } = await deploy([shared], { resources: { "shared.databaseUrl": existing(fields) } });
        const { databaseUrl } = await load(shared, { env: env("shared") });
        assert.deepEqual([databaseUrl.host, databaseUrl.password.reveal()], ["db.internal", password]);
        const made = await types();
        assert.ok(!made.some((type) => /:(Server|Lease)$/.test(type)), made.join(", "));
      }));

    describe("beside a server that exists", () => {
      let theirs: TestServer;
      before(async () => {
        theirs = await testServer("theirs", postgres, "17");
        await theirs.start();
      });
      after(() => theirs?.remove());

      it("makes a database of its own on it, and no server; keeps its data when it is removed, and shows no secret", () =>
        run(async (deploy, stack) => {
          const { port, credentials } = theirs.server;
          const password = registerSecret(await credentials.get(ADMINISTRATOR));
          const administrator = { username: ADMINISTRATOR, password };
          const resources = { "shared.databaseUrl": existingServer({ host: "127.0.0.1", port, administrator }) };
          const { env, types, fields } = await deploy([shared], { resources, fieldsOf: shared });
          const { databaseUrl } = await load(shared, { env: env("shared") });
          await insert(databaseUrl);
          assert.equal(databaseUrl.port, port);
          assert.notEqual(databaseUrl.username, ADMINISTRATOR);
          const made = await types();
          assert.ok(!made.some((type) => type.endsWith(":Server")), made.join(", "));
          for (const [field, visibility] of Object.entries(provisioned.postgres.fields))
            assert.equal(fields[field]?.secret, visibility === "secret", field);
          await stack.expectNoChanges();

          await stack.destroy();
          await refused(databaseUrl);
          const again = await deploy([shared], { resources });
          assert.equal(await count((await load(shared, { env: again.env("shared") })).databaseUrl), 1);
          const secrets = [password, registerSecret(databaseUrl.password.reveal()), databaseUrl.reveal()];
          stack.assertNoSecret(secrets, stack.output(), JSON.stringify(stack.events));
        }));
    });
  });

type Deploy = (
  groups: readonly Group[],
  args?: Pick<ProjectArgs, "apps" | "resources"> & { readonly fieldsOf?: typeof shared },
) => Promise<{
  readonly changes: Awaited<ReturnType<TestStack["up"]>>["changes"];
  /** What a process needs for a group. */
  readonly env: (group: string) => Record<string, string>;
  readonly url: (app: string) => string;
  readonly isSecret: (output: string) => boolean;
  readonly fields: Readonly<Record<string, { readonly value: unknown; readonly secret: boolean }>>;
  /** Types of the resources that the stack has. */
  readonly types: () => Promise<readonly string[]>;
}>;

const deployWith =
  (stack: TestStack, target: TargetUnderTest["target"]): Deploy =>
  async (groups, { fieldsOf, ...args } = {}) => {
    stack.use(async () => {
      const project = new Project("shop", { settings: groups, target: () => target(stack), ...args });
      const apps = Object.entries(project.apps).map(([name, { url }]) => [`url ${name}`, url]);
      const fields = fieldsOf
        ? Object.entries(project.group(fieldsOf).outputs.databaseUrl).map(([name, value]) => [`field ${name}`, value])
        : [];
      return Object.fromEntries([...groups.map((group) => [group.name, project.group(group).env]), ...apps, ...fields]);
    });
    const { changes } = await stack.up();
    const outputs = await stack.outputs();
    return {
      changes,
      env: (group) => outputs[group]?.value as Record<string, string>,
      url: (name) => outputs[`url ${name}`]?.value as string,
      isSecret: (name) => outputs[name]?.secret === true,
      fields: Object.fromEntries(
        Object.entries(outputs).flatMap(([name, output]) => (name.startsWith("field ") ? [[name.slice(6), output]] : [])),
      ),
      types: () => typesIn(stack),
    };
  };

const typesIn = async ({ stack }: TestStack): Promise<readonly string[]> => {
  const { deployment } = await stack.exportStack();
  const { resources = [] } = deployment as { readonly resources?: ReadonlyArray<{ readonly type: string }> };
  return resources.map(({ type }) => type);
};
