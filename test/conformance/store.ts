import assert from "node:assert/strict";
import { ComponentResource, secret, Stash, type Input } from "@pulumi/pulumi";
import { postgresUrl, secret as secretSetting, settings } from "../../lib/index";
import { plan } from "../../lib/plan";
import type { Platform } from "../../lib/contract/platform";
import type { Entry, Store } from "../../lib/contract/store";
import { codeOf } from "../../lib/errors";
import { makerFor } from "../../lib/pulumi/maker";
import type { StoredValues } from "../../lib/values/gather";
import { readerOf } from "../../lib/stores/stores";
import { engine } from "../support/engine";
import { registerSecret } from "../support/secrets";
import { withStack, type TestStack } from "../support/stack";

/** A store, and its specifics for the suite. */
export interface StoreDriver<P extends Platform = Platform> {
  readonly name: string;
  readonly store: (stack: TestStack) => Store<P>;
  /** A consumer of the store's platform. */
  readonly consumer: P["Consumer"];
  /** Whether a broker may write entries too. */
  readonly others: boolean;
  /** Additional tests for this store. */
  readonly additional?: (context: StoreContext) => void;
}

export interface StoreContext {
  /** Runs a test in a separate stack. */
  readonly run: (test: (deploy: DeployValues, stack: TestStack) => Promise<void>) => Promise<void>;
}

/** Deploys a group with these values, and returns the address of the written store. */
export type DeployValues = (values: Readonly<Record<string, Value>>, group?: string) => Promise<URL>;

interface Value {
  readonly secret: boolean;
  readonly text: Input<string>;
}

const SECRET = registerSecret("a secret of the store's test: $HOME `id` \"quoted\" 'single' \\ € % @");

const values: Readonly<Record<string, Value & { readonly text: string }>> = {
  TOKEN: { secret: true, text: SECRET },
  PEM: { secret: true, text: registerSecret("-----BEGIN KEY-----\nabc+/def==\n-----END KEY-----\n") },
  PAGE_SIZE: { secret: false, text: "20" },
  GREETING: { secret: false, text: "früh=spät # no comment 🦊" },
  LARGE: { secret: true, text: registerSecret(`large-${"x".repeat(32 * 1024)}`) },
};

const texts: StoredValues = Object.fromEntries(Object.entries(values).map(([name, { text }]) => [name, text]));

/** Requirements for every store: written by a deploy with a real engine, read like `load()`. */
export const describeStore = <P extends Platform>({ name, store, consumer, others, additional }: StoreDriver<P>): Mocha.Suite =>
  describe(`the store ${name}`, () => {
    before(async function () {
      await engine(this);
    });

    const run: StoreContext["run"] = (test) =>
      withStack({ program: async () => undefined }, (stack) => test(deployWith(stack, store(stack)), stack));

    it("returns every text unchanged, shows no secret, and writes nothing the second time", () =>
      run(async (deploy, stack) => {
        const address = await deploy(values);
        assert.deepEqual(await read(address, Object.keys(values)), texts);
        await stack.expectNoChanges();
        const secrets = Object.values(values).flatMap((value) => (value.secret ? [value.text] : []));
        stack.assertNoSecret(secrets, stack.output(), JSON.stringify(stack.events), address.href);
      }));

    it("updates changed values, deletes values no longer given, isolates groups, and leaves nothing after they are deleted", () =>
      run(async (deploy, stack) => {
        await deploy(values, "first");
        const changed = registerSecret("another secret of the store's test");
        const first = await deploy({ TOKEN: { secret: true, text: secret(changed) } }, "first");
        assert.deepEqual(await read(first, ["TOKEN", "PEM"]), { TOKEN: changed });

        const second = await deploy({ OTHER: { secret: false, text: "1" } }, "second");
        assert.deepEqual(await read(second, ["OTHER", "TOKEN"]), { OTHER: "1" });
        await isUnreadable(first);
        await stack.destroy();
        await isUnreadable(second);
      }));

    it("is read using only the address and the given environment", () =>
      run(async (deploy) => {
        const address = await deploy(values);
        const reader = await readerOf("ENDOW_SHARED", address.href).reader;
        const aborted = AbortSignal.abort(new Error("aborted"));
        await assert.rejects(async () => reader.read({ address, variables: ["TOKEN"], env: {}, signal: aborted }), /aborted/);
        assert.deepEqual(await reader.read({ address, variables: [], env: {} }), {});
      }));

    it("identifies a consumer's permissions by unique, stable keys, and never shares an entry of the deploy with another writer", () => {
      const made = opened(store, consumer);
      assert.equal(new Set(made.access.map(({ key }) => key)).size, made.access.length);
      assert.deepEqual(
        made.access.map(({ key }) => key),
        opened(store, consumer).access.map(({ key }) => key),
      );
      assert.ok(made.access.every((one) => ["start", "run"].includes(one.for)));
      assert.throws(() => made.store.entry("TOKEN"), Error);
      if (others) assert.equal(made.store.entry("DATABASE_URL").store, made.name);
    });

    additional?.({ run });
  });

const opened = <P extends Platform>(store: StoreDriver<P>["store"], consumer: P["Consumer"]) => {
  const group = settings("shared", { token: secretSetting(), databaseUrl: postgresUrl() });
  const chosen = store({ app: "/" } as TestStack);
  const entries: readonly Entry[] = [
    { variable: "TOKEN", setting: "token", secret: true, writer: "deploy" },
    { variable: "DATABASE_URL", setting: "databaseUrl", secret: true, writer: "broker" },
  ];
  const made = chosen.open({
    plan: plan({ project: "shop", groups: [group], environment: "development" }),
    group: "shared",
    entries,
    make: () => assert.fail("permissions are asked of containers that are there"),
  });
  return { name: chosen.name, store: made, access: made.access(consumer, ["TOKEN", "DATABASE_URL"]) };
};

const isUnreadable = async (address: URL): Promise<void> => {
  await assert.rejects(read(address, ["TOKEN"]), (error) => codeOf(error) === "STORE_UNREADABLE");
};

const deployWith =
  <P extends Platform>(stack: TestStack, store: Store<P>): DeployValues =>
  async (given, group = "shared") => {
    stack.use(async () => {
      const parent = new ComponentResource("test:index:Group", group);
      const guard = new Stash(group, { input: 1 }, { parent });
      const planned = plan({
        project: "shop",
        environment: "development",
        groups: [settings(group, Object.fromEntries(Object.keys(given).map((name) => [name.toLowerCase(), secretSetting({ env: name })])))],
      });
      const entries = Object.entries(given).map(([variable, value]): Entry => ({
        variable,
        setting: variable.toLowerCase(),
        secret: value.secret,
        writer: "deploy",
      }));
      const make = makerFor({ parent, guards: [guard] }, { part: "store", name: group });
      const written = store
        .open({ plan: planned, group, entries, make })
        .write(new Map(Object.entries(given).map(([name, value]) => [name, value.secret ? secret(value.text) : value.text])));
      return { address: written.address };
    });
    await stack.up();
    const outputs = await stack.outputs();
    assert.equal(outputs["address"]?.secret, false);
    return new URL(outputs["address"].value as string);
  };

const read = async (address: URL, variables: readonly string[]): Promise<StoredValues> => {
  const reader = await readerOf("ENDOW_SHARED", address.href).reader;
  return reader.read({ address, variables, env: {} });
};
