import assert from "node:assert/strict";
import { output, secret, type Input } from "@pulumi/pulumi";
import type { Entry } from "../../../lib/stores/deployer";
import { localStore } from "../../../lib/stores/local/deploy";
import { version } from "../../../lib/internal/version";
import { mockEngine, type MockEngineOptions } from "../../support/mock-engine";
import { seen } from "../../support/outputs";

const entry = (variable: string, value: Input<string | undefined>, isSecret = false): Entry => ({ variable, value, secret: isSecret });

const deploy = async (entries: readonly Entry[], options?: MockEngineOptions) => {
  const engine = await mockEngine(options);
  const environment = output("development");
  const store = localStore("/app").deploy({ project: "shop", environment, group: "shared", entries, opts: { protect: true } });
  await engine.settle();
  return { store, file: engine.find("endow-local:index:Values", "shared") };
};

describe("the store of this machine", () => {
  it("keeps a group's values in one file, whose address load() gets", async () => {
    const { store, file } = await deploy([entry("SITE", "Shop"), entry("TOKEN", "the-token", true)]);
    assert.deepEqual(file.inputs, {
      environment: { project: "shop", root: "/app", name: "development" },
      group: "shared",
      values: { SITE: "Shop", TOKEN: "the-token" },
    });
    assert.deepEqual([file.version, file.protect], [version(), true]);
    assert.deepEqual(await seen(store.address), {
      value: "file:///var/lib/endow/mocked/development/values/shared.json",
      isKnown: true,
      isSecret: false,
    });
    assert.deepEqual(
      store.ready.map((resource) => resource instanceof Object && "address" in resource),
      [true],
    );
  });

  it("hands the file's values to the provider as a secret, whether one of them is or not", async () => {
    assert.deepEqual((await deploy([entry("SITE", "Shop")])).file.secretInputs, ["values"]);
    assert.deepEqual((await deploy([])).file.secretInputs, ["values"]);
  });

  it("delivers every value to a process as well, and those are secret when one of them is", async () => {
    const isSecret = async (...entries: readonly Entry[]) => {
      const { isSecret: answer, value } = await seen((await deploy(entries)).store.variables);
      assert.equal(Object.keys(value).length, entries.length);
      return answer;
    };
    assert.equal(await isSecret(entry("SITE", "Shop")), false);
    assert.equal(await isSecret(entry("SITE", "Shop"), entry("TOKEN", "in-clear", true)), true);
    assert.equal(await isSecret(entry("SITE", secret("Shop"))), true);
  });

  it("leaves out what turns out to have no value, and nothing else", async () => {
    const { file } = await deploy([
      entry("ENDPOINT", output(undefined)),
      entry("KEY", undefined, true),
      entry("EMPTY", ""),
      entry("SITE", "Shop"),
    ]);
    assert.deepEqual(file.inputs["values"], { EMPTY: "", SITE: "Shop" });
  });

  it("does not know its address in a preview, nor its values while one is not known", async () => {
    const { store } = await deploy([entry("SITE", "Shop")], { preview: true });
    assert.equal((await seen(store.address)).isKnown, false);
    assert.deepEqual(await seen(store.variables), { value: { SITE: "Shop" }, isKnown: true, isSecret: false });
  });
});
