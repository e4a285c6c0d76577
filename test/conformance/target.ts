import assert from "node:assert/strict";
import type { Output } from "@pulumi/pulumi";
import { z } from "zod";
import type { Platform } from "../../lib/contract/platform";
import type { Delivery, Target } from "../../lib/contract/target";
import { load, postgresUrl, settings, type Group, type PostgresConnection } from "../../lib/index";
import { provisionedKinds } from "../../lib/kinds/provisioned";
import { existing, onServer, type App, type ProjectArgs } from "../../lib/pulumi";
import { everyKind } from "../support/each-kind";
import { engine } from "../support/engine";
import { registerSecret } from "../support/secrets";
import { withStack, type TestStack } from "../support/stack";
import { deployWith, shared, type Deploy, type Deployed } from "./deploy";
import { generatesOnce } from "./generated";

/** The suite's access to a database, from where the target's consumers run. */
export interface DatabaseProbe {
  /** Writes a row that must not be lost. */
  readonly insert: (connection: PostgresConnection) => Promise<void>;
  /** The number of rows that `insert` wrote. */
  readonly count: (connection: PostgresConnection) => Promise<number>;
  /** Asserts that logins with the connection are rejected. */
  readonly refused: (connection: PostgresConnection) => Promise<void>;
}

/** A server not made by the target. */
export interface GivenServer<P extends Platform> {
  readonly reference: P["Reference"];
  /** Secrets that must not be shown. */
  readonly secrets: readonly string[];
  readonly remove: () => Promise<void>;
}

/** A target, and its specifics for the suite. */
export interface TargetDriver<P extends Platform> {
  readonly name: string;
  /** A stack of a type that it supports. */
  readonly stackName: string;
  readonly target: (stack: TestStack) => Target<P>;
  /** The environment of a process that reads a group, with references resolved as on the platform. */
  readonly environment: (delivery: Delivery<P>) => Output<Record<string, string>>;
  readonly database: DatabaseProbe;
  /** Whether a resource of this type is made for settings: a server, or a setting's resource on one. */
  readonly isMadeForSettings: (type: string) => boolean;
  /** Whether a resource of this type is a server. */
  readonly isServer: (type: string) => boolean;
  /** A workload that answers each request with the names of its variables, as a JSON array. */
  readonly listsItsVariables: (reads: readonly Group[]) => Promise<App<number>>;
  /** An existing server for leases. Absent if the target does not support existing servers. */
  readonly givenServer?: () => Promise<GivenServer<P>>;
  /** Additional tests for this target. */
  readonly additional?: (context: TargetContext<P>) => void;
}

export interface TargetContext<P extends Platform> {
  /** Runs a test in a separate stack. */
  readonly run: (test: (deploy: Deploy<P>, stack: TestStack) => Promise<void>) => Promise<void>;
}

const withoutDatabase = settings("shared", { pageSize: z.number().default(20) });

/** Requirements for every target, tested with a real engine and real resources. */
export const describeTarget = <P extends Platform>(driver: TargetDriver<P>): Mocha.Suite =>
  describe(`the target ${driver.name}`, () => {
    const { database, givenServer } = driver;

    before(async function () {
      await engine(this);
    });

    const run: TargetContext<P>["run"] = (test) =>
      withStack({ program: async () => undefined, stackName: driver.stackName }, (stack) => test(deployWith(stack, driver), stack));

    const databaseIn = async ({ env }: Deployed, group: Group<{ databaseUrl: PostgresConnection }> = shared) =>
      (await load(group, { env: env(group.name) })).databaseUrl;

    it("has facts for exactly its cells, and names its store", () =>
      run(async (_deploy, stack) => {
        const { facts, cells, store, generate } = driver.target(stack);
        assert.deepEqual(Object.keys(facts.kinds).toSorted(), Object.keys(cells).toSorted());
        assert.equal(facts.store, store.name);
        assert.equal(generate !== undefined, facts.generated !== undefined);
      }));

    it("provisions a setting of each kind that it offers, provides values that load() accepts, and changes nothing the second time", () =>
      run(async (deploy, stack) => {
        const offered = Object.keys(driver.target(stack).facts.kinds);
        const all = everyKind("all", offered);
        const { env } = await deploy([all]);
        const config = new Map<string, unknown>(Object.entries(await load(all, { env: env("all") })));
        for (const kind of offered) assert.ok(config.get(kind), kind);
        await stack.expectNoChanges();
      }));

    it("generates a secret once, and never replaces it: not for a changed option, after a rename, or after a supplied value is removed", () =>
      run((deploy, stack) => generatesOnce(driver.target(stack), deploy, stack)));

    it("updates a resource in place when an option changes, and keeps the data of one renamed or moved with `formerly`", () =>
      run(async (deploy) => {
        await database.insert(await databaseIn(await deploy([shared])));
        const extensions = ["pgcrypto"];
        const extended = settings("shared", { databaseUrl: postgresUrl({ extensions }) });
        const first = await deploy([extended]);
        assert.deepEqual([first.changes.replace, first.changes.delete], [undefined, undefined]);
        assert.equal(await database.count(await databaseIn(first, extended)), 1);

        const renamed = settings("shared", { mainUrl: postgresUrl({ extensions, formerly: ["shared.databaseUrl"] }) });
        const second = await deploy([renamed]);
        assert.deepEqual([second.changes.create, second.changes.replace, second.changes.delete], [undefined, undefined, undefined]);
        assert.equal(await database.count((await load(renamed, { env: second.env("shared") })).mainUrl), 1);

        const moved = settings("billing", { ledgerUrl: postgresUrl({ extensions, formerly: ["shared.databaseUrl", "shared.mainUrl"] }) });
        const third = await deploy([withoutDatabase, moved]);
        assert.equal(third.changes.replace, undefined);
        assert.equal(await database.count((await load(moved, { env: third.env("billing") })).ledgerUrl), 1);
      }));

    it("never gives one setting's resource to another, even if a former id is reused", () =>
      run(async (deploy) => {
        await database.insert(await databaseIn(await deploy([shared])));
        const renamed = settings("shared", { salesUrl: postgresUrl({ formerly: ["shared.databaseUrl"] }) });
        await deploy([renamed]);
        const both = settings("shared", { salesUrl: postgresUrl(), databaseUrl: postgresUrl() });
        const { salesUrl, databaseUrl } = await load(both, { env: (await deploy([both])).env("shared") });
        assert.notEqual(databaseUrl.database, salesUrl.database);
        await database.insert(databaseUrl);
        const left = settings("shared", { salesUrl: postgresUrl() });
        assert.equal(await database.count((await load(left, { env: (await deploy([left])).env("shared") })).salesUrl), 1);
      }));

    it("refuses to move a setting to another server unless the stack's configuration confirms it", () =>
      run(async (deploy, stack) => {
        await deploy([shared]);
        const elsewhere = settings("shared", { databaseUrl: postgresUrl({ server: "other" }) });
        await assert.rejects(deploy([elsewhere]), /is on the server postgres, and would start empty on postgres-other/);
        await stack.stack.setConfig("endow:replace", { value: "shared.databaseUrl" });
        assert.ok(await databaseIn(await deploy([elsewhere])));
      }));

    it("disables the login of a removed setting, keeps its data, and enables it again", () =>
      run(async (deploy) => {
        const databaseUrl = await databaseIn(await deploy([shared]));
        await database.insert(databaseUrl);
        await deploy([withoutDatabase]);
        await database.refused(databaseUrl);
        assert.equal(await database.count(await databaseIn(await deploy([shared]))), 1);
      }));

    it("gives a workload only the groups that it reads, marks every secret output, and shows no secret", () =>
      run(async (deploy, stack) => {
        const billing = settings("billing", { ledgerUrl: postgresUrl() });
        const web = await driver.listsItsVariables([shared]);
        const deployed = await deploy([shared, billing], { apps: { web }, fieldsOf: shared });
        const names = (await (await fetch(deployed.url("web"))).json()) as string[];
        for (const name of ["DATABASE_URL", "ENDOW_ENVIRONMENT", "PORT"]) assert.ok(names.includes(name), name);
        for (const name of ["LEDGER_URL", "ENDOW_BILLING"]) assert.ok(!names.includes(name), name);

        const databaseUrl = await databaseIn(deployed);
        const password = registerSecret(databaseUrl.password.reveal());
        assertVisibility(deployed.fields);
        assert.ok(deployed.isSecret("shared"));
        stack.assertNoSecret([password, databaseUrl.reveal()], stack.output(), JSON.stringify(stack.events));
      }));

    it("makes nothing for an existing resource, and delivers its values", () =>
      run(async (deploy) => {
        const password = registerSecret("the password of theirs & more");
        const tls = { mode: "verify-full" } as const;
        const fields = { host: "db.internal", port: 5432, database: "orders", username: "orders", password, tls };
        const deployed = await deploy([shared], { existing: { "shared.databaseUrl": existing(fields) } });
        const databaseUrl = await databaseIn(deployed);
        assert.deepEqual([databaseUrl.host, databaseUrl.password.reveal()], ["db.internal", password]);
        assert.deepEqual((await deployed.types()).filter(driver.isMadeForSettings), []);
      }));

    if (givenServer)
      describe("with an existing server", () => {
        let theirs: GivenServer<P> | undefined;
        before(async () => {
          theirs = await givenServer();
        });
        after(() => theirs?.remove());

        it("makes a dedicated database on it, and no server; keeps its data when it is removed, and shows no secret", () =>
          run(async (deploy, stack) => {
            const { reference, secrets } = theirs ?? assert.fail("the server runs");
            const given: ProjectArgs<{}, Target<P>>["existing"] = { "shared.databaseUrl": onServer(reference) };
            const first = await deploy([shared], { existing: given, fieldsOf: shared });
            const databaseUrl = await databaseIn(first);
            await database.insert(databaseUrl);
            assert.deepEqual((await first.types()).filter(driver.isServer), []);
            assertVisibility(first.fields);
            await stack.expectNoChanges();

            await stack.destroy();
            await database.refused(databaseUrl);
            assert.equal(await database.count(await databaseIn(await deploy([shared], { existing: given }))), 1);
            const all = [...secrets, registerSecret(databaseUrl.password.reveal()), databaseUrl.reveal()];
            stack.assertNoSecret(all, stack.output(), JSON.stringify(stack.events));
          }));
      });

    driver.additional?.({ run });
  });

/** Asserts that the stack's outputs are secret exactly if their fields are. */
const assertVisibility = (fields: Deployed["fields"]): void => {
  assert.notDeepEqual(fields, {});
  const visibilities = new Map(Object.entries(provisionedKinds.get("postgres").fields ?? {}));
  for (const [field, { secret }] of Object.entries(fields)) assert.equal(secret, visibilities.get(field) === "secret", field);
};
