import assert from "node:assert/strict";
import { ComponentResource, secret } from "@pulumi/pulumi";
import type { VariableTexts } from "../../lib/kind";
import type { Entry, Store } from "../../lib/stores/deployer";
import { readerOf } from "../../lib/stores/stores";
import { engine } from "../support/engine";
import { registerSecret } from "../support/secrets";
import { withStack, type TestStack } from "../support/stack";

export interface StoreUnderTest {
  readonly name: string;
  readonly store: (stack: TestStack) => Store;
}

const SECRET = registerSecret("a secret of the store's test: $HOME `id` \"quoted\" 'single' \\ € % @");

const entries: readonly Entry[] = [
  { variable: "TOKEN", secret: true, value: SECRET },
  { variable: "PEM", secret: true, value: registerSecret("-----BEGIN KEY-----\nabc+/def==\n-----END KEY-----\n") },
  { variable: "PAGE_SIZE", secret: false, value: "20" },
  { variable: "GREETING", secret: false, value: "früh=spät # no comment 🦊" },
];

const texts: VariableTexts = Object.fromEntries(entries.map(({ variable, value }) => [variable, value as string]));

/** What every store owes: written by a deploy through a real engine, read as `load()` does. */
export const describeStore = ({ name, store }: StoreUnderTest): Mocha.Suite =>
  describe(`the store ${name}`, () => {
    before(async function () {
      await engine(this);
    });

    const run = (test: (deploy: (entries: readonly Entry[], group?: string) => Promise<URL>, stack: TestStack) => Promise<void>) =>
      withStack({ program: async () => undefined }, (stack) => test(deployWith(stack, store(stack)), stack));

    it("gives every text back as it was written, shows no secret, and writes nothing the second time", () =>
      run(async (deploy, stack) => {
        const address = await deploy([...entries, { variable: "OPTIONAL", secret: false, value: undefined }]);
        assert.deepEqual(await read(address), texts, "what turns out to have no value is left out");
        await stack.expectNoChanges();
        const secrets = entries.filter((entry) => entry.secret).map(({ value }) => value as string);
        stack.assertNoSecret(secrets, stack.output(), JSON.stringify(stack.events), address.href);
      }));

    it("changes what has changed, drops what is not given any more, keeps groups apart, and has nothing left once they are gone", () =>
      run(async (deploy, stack) => {
        const before = await deploy(entries, "first");
        const changed = registerSecret("another secret of the store's test");
        const after = await deploy([{ variable: "TOKEN", secret: true, value: secret(changed) }], "first");
        assert.equal(after.href, before.href);
        assert.deepEqual(await read(after), { TOKEN: changed });

        const second = await deploy([{ variable: "OTHER", secret: false, value: "1" }], "second");
        assert.notEqual(second.href, after.href);
        assert.deepEqual(await read(second), { OTHER: "1" });
        await assert.rejects(read(after), { code: "STORE_UNREADABLE" });
        await stack.destroy();
        await assert.rejects(read(second), { code: "STORE_UNREADABLE" });
      }));
  });

const deployWith =
  (stack: TestStack, store: Store) =>
  async (given: readonly Entry[], group = "shared"): Promise<URL> => {
    stack.use(async () => {
      const parent = new ComponentResource("test:index:Group", group);
      return { address: store.deploy({ project: "shop", environment: "development", group, entries: given, opts: { parent } }).address };
    });
    await stack.up();
    const outputs = await stack.outputs();
    assert.equal(outputs["address"]?.secret, false);
    return new URL(outputs["address"].value as string);
  };

const read = (address: URL): Promise<VariableTexts> => readerOf("ENDOW_SHARED", address.href).reader.read(address);
