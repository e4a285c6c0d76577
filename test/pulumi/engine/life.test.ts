import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { load, postgresUrl, redisUrl, secret, settings } from "../../../lib/index";
import { statusOf } from "../../../lib/supervisor/client";
import { identify, signal } from "../../../lib/supervisor/processes";
import { local, Project, SettingsGroup, type LocalOptions } from "../../../lib/pulumi";
import { count, insert, refused } from "../../conformance/database";
import { engine } from "../../support/engine";
import { valuesIn } from "../../support/faults";
import { registerSecret } from "../../support/secrets";
import { withStack, type StackRequest, type TestStack } from "../../support/stack";

const shared = settings("shared", { databaseUrl: postgresUrl(), redisUrl: redisUrl() });

describe("a stack on this machine", () => {
  before(async function () {
    await engine(this);
  });

  const run = (test: (stack: TestStack) => Promise<void>, request: Partial<StackRequest> = {}) =>
    withStack({ program: async () => undefined, ...request }, test);

  /** The connections that `up` created for the group `shared`. */
  const up = async (stack: TestStack, make: () => SettingsGroup = () => group(stack)) => {
    stack.use(async () => void make());
    const { changes } = await stack.up();
    const config = await load(shared, { env: valuesIn(stack.environment["XDG_STATE_HOME"] ?? "") });
    const secrets = [config.databaseUrl, config.redisUrl].map(({ password }) => registerSecret(password?.reveal() ?? ""));
    stack.assertNoSecret(secrets, stack.output(), JSON.stringify(stack.events));
    return { ...config, changes };
  };

  const group = ({ app }: TestStack, options: LocalOptions = {}): SettingsGroup =>
    new SettingsGroup("shared", { group: shared, target: () => local({ root: app, ...options }) });

  it("recovers, with its data, after its servers and their supervisor were killed: a preview and refresh detect it, up repairs it", () =>
    run(async (stack) => {
      const { databaseUrl } = await up(stack);
      await insert(databaseUrl);
      await killAll(stack);
      assert.ok(((await stack.preview()).update ?? 0) >= 2);
      await refused(databaseUrl);
      const again = await up(stack);
      assert.equal(await count(again.databaseUrl), 1);
      assert.equal(again.databaseUrl.reveal(), databaseUrl.reveal());

      await killAll(stack);
      await stack.refresh();
      assert.match(await stateOf(stack), /"running":false/);
      assert.equal(await count((await up(stack)).databaseUrl), 1);
      await stack.expectNoChanges();
    }));

  it("is unchanged when a Project adopts the group", () =>
    run(async (stack) => {
      const { databaseUrl } = await up(stack);
      await insert(databaseUrl);
      const make = () => new Project("shop", { groups: [shared], target: () => local({ root: stack.app }) }).group(shared);
      const adopted = await up(stack, make);
      assert.deepEqual([adopted.changes.create, adopted.changes.delete, adopted.changes.replace], [1, undefined, undefined]);
      assert.equal(adopted.databaseUrl.reveal(), databaseUrl.reveal());
      assert.equal(await count(adopted.databaseUrl), 1);
    }));

  it("is completed by the next up after one of its servers was unavailable", () =>
    run(async (stack) => {
      const programs = { "redis-shared-redis-url": path.join(stack.app, "no such program") };
      await assert.rejects(
        up(stack, () => group(stack, { programs })),
        /PROGRAM|program/,
      );
      assert.match(stack.output(), /no such program/);
      const { databaseUrl } = await up(stack);
      await insert(databaseUrl);
      await stack.expectNoChanges();
    }));

  it("is stopped by destroy, which keeps the data for the next up, and deleted with its data when configured so", () =>
    run(async (stack) => {
      const first = await up(stack);
      await insert(first.databaseUrl);
      await stack.destroy();
      assert.match(stack.output(), /its data stays in .*postgres for the next/);
      await refused(first.databaseUrl);
      assert.deepEqual((await statusOf(environmentIn(stack))).services, []);
      const again = await up(stack, () => group(stack, { forceDestroy: true }));
      assert.equal(await count(again.databaseUrl), 1);
      await stack.destroy();
      assert.deepEqual(readdirSync(path.join(stack.environment["XDG_STATE_HOME"] ?? "", "endow"), { recursive: true }), []);
    }));

  it("takes supplied values from its configuration, and stops with the command for each missing one", () =>
    run(async (stack) => {
      const mail = settings("mail", { smtpPassword: secret(), sender: secret({ alias: "MAIL_FROM" }) });
      const make = () => new SettingsGroup("mail", { group: mail, target: () => local({ root: stack.app }) });
      stack.use(async () => ({ env: make().env }));
      await assert.rejects(stack.up(), (error: Error) => {
        assert.match(error.message, /pulumi config set --secret SMTP_PASSWORD/);
        assert.match(error.message, /pulumi config set --secret SENDER/);
        return true;
      });
      const password = registerSecret("supplied by a person, %40 and all");
      await stack.stack.setConfig("SMTP_PASSWORD", { value: password, secret: true });
      await stack.stack.setConfig("MAIL_FROM", { value: "plain and public", secret: false });
      await assert.rejects(stack.up(), /MAIL_FROM is secret/);
      await stack.stack.setConfig("MAIL_FROM", { value: registerSecret("shop@example.com, says a secret"), secret: true });
      await stack.up();
      const outputs = await stack.outputs();
      const config = await load(mail, { env: outputs["env"]?.value as Record<string, string> });
      assert.equal(config.smtpPassword.reveal(), password);
      stack.assertNoSecret([password], stack.output(), JSON.stringify(stack.events));
    }));

  it("runs under a name with special characters and an explicit type, and does nothing with a wrong passphrase", () => {
    const stackName = "feature_2.login-Überprüfung".replace(/[^\w.-]/g, "_");
    return run(
      async (stack) => {
        const environment = { name: stackName, type: "development" } as const;
        const make = () => new SettingsGroup("shared", { group: shared, environment, target: () => local({ root: stack.app }) });
        await insert((await up(stack, make)).databaseUrl);
        const { workspace } = stack.stack;
        const envVars = { ...workspace.envVars };
        workspace.envVars = { ...envVars, PULUMI_CONFIG_PASSPHRASE: "another passphrase" };
        await assert.rejects(stack.up(), /passphrase/);
        workspace.envVars = envVars;
        await stack.expectNoChanges();
      },
      { stackName },
    );
  });
});

const environmentIn = ({ environment }: TestStack): string => {
  const home = path.join(environment["XDG_STATE_HOME"] ?? "", "endow");
  const [app = ""] = readdirSync(home);
  return path.join(home, app, "development");
};

const killAll = async (stack: TestStack): Promise<void> => {
  const { pid, services } = await statusOf(environmentIn(stack));
  for (const one of [pid, ...services.map((service) => service.pid)]) {
    const identity = one === undefined ? undefined : identify(one);
    if (identity) signal(identity, "SIGKILL");
  }
};

const stateOf = async ({ stack }: TestStack): Promise<string> => JSON.stringify(await stack.exportStack());
