import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { secret, settings } from "../../../../lib";
import { plan } from "../../../../lib/plan";
import { generatedFile } from "../../../../lib/local/generated";
import { up } from "../../../../lib/local/up";
import { generated } from "../../../../lib/pulumi/provider/handlers/generated";
import type { ResourceState } from "../../../../lib/pulumi/provider/handler";
import type { GeneratedInputs, GeneratedOutputs } from "../../../../lib/pulumi/provider/schemas";
import { checked, created, makeStack, updated, type LocalStack } from "../../../support/local-stack";
import { registerSecret } from "../../../support/secrets";

const text = { make: "bytes", bytes: 32, as: "hex" };

describe("a generated secret of a stack", () => {
  let stack: LocalStack;
  beforeEach(async () => (stack = await makeStack("generated")));
  afterEach(() => stack.clean());

  const token = (more: object = {}) => ({ environment: stack.environment, setting: "shared.token", generation: text, ...more });
  const create = async (more: object = {}) => {
    const state = await created(generated, token(more), stack.context);
    for (const field of generated.secretOutputs(state.inputs)) registerSecret(state.outputs[field] ?? "");
    return state;
  };
  const valueOf = ({ outputs }: ResourceState<GeneratedInputs, GeneratedOutputs>) => outputs["value"] ?? assert.fail("it has a value");

  it("is secret, the same when created again, and unchanged by a refresh", async () => {
    const state = await create();
    assert.equal(state.id, path.join(stack.folder(), "generated/shared_token"));
    assert.match(valueOf(state), /^[0-9a-f]{64}$/);
    assert.deepEqual(generated.secretOutputs(state.inputs), ["value"]);
    assert.deepEqual([await generated.drifted?.(state), await generated.read(state)], [[], state]);
    assert.deepEqual(await create(), state);
  });

  it("marks only the private half of a key pair as secret", async () => {
    for (const generation of [{ make: "rsa", bits: 2048 }, { make: "ed25519" }, { make: "vapid" }]) {
      const state = await create({ setting: `shared.${generation.make}`, generation });
      assert.deepEqual(generated.secretOutputs(state.inputs), ["privateKey"]);
      assert.deepEqual(Object.keys(state.outputs).toSorted(), ["folder", "privateKey", "publicKey"]);
    }
  });

  it("is shared with `endow dev`, whichever makes it first", async () => {
    const group = settings("shared", { token: secret({ generate: true }), other: secret({ generate: true }) });
    const dev = async () => {
      const { project, root } = stack.environment;
      const { values } = await up({ plan: plan({ project, groups: [group], environment: "development" }), groups: [group], root });
      Object.values(values).forEach(registerSecret);
      return values;
    };
    const state = await create();
    const { TOKEN, OTHER } = await dev();
    assert.equal(TOKEN, valueOf(state));
    assert.equal(valueOf(await create({ setting: "shared.other" })), OTHER);
  });

  it("is kept when it is removed and created again; if configured otherwise, it leaves nothing behind", async () => {
    const state = await create();
    const told: string[] = [];
    const context = { ...stack.context, tell: (message: string) => void told.push(message) };
    await generated.remove(state, context);
    await generated.remove(state, context);
    assert.match(told.join("\n"), /its value is kept for the next `pulumi up`/);
    assert.deepEqual(await create(), state);

    const [forced, other] = [await create({ forceDestroy: true }), await create({ setting: "shared.other", forceDestroy: true })];
    await generated.remove(forced, stack.context);
    assert.deepEqual([await generated.drifted?.(forced), await generated.read(forced)], [["value"], undefined]);
    assert.deepEqual(await generated.read(other), other);
    await generated.remove(other, stack.context);
    assert.equal(existsSync(stack.folder()), false);
    assert.notEqual(valueOf(await create()), valueOf(state));
  });

  it("keeps its value when the options change, and its id when the setting is renamed", async () => {
    const state = await create();
    const changed = await updated(
      generated,
      state,
      { generation: { make: "characters", length: 40, alphabet: "0123456789" } },
      stack.context,
    );
    assert.equal(valueOf(changed), valueOf(state));
    const renamed = await updated(generated, state, { setting: "shared.session", formerly: ["shared.token"] }, stack.context);
    assert.deepEqual([renamed.id, valueOf(renamed)], [state.id, valueOf(state)]);
    assert.deepEqual(await generated.read(renamed), renamed);
    const successor = await create();
    assert.notEqual(valueOf(successor), valueOf(state));
    assert.notEqual(successor.id, state.id);
    assert.deepEqual(await generated.drifted?.(renamed), []);
  });

  it("is replaced only for another environment or setting", () => {
    const before = checked(generated, token());
    assert.deepEqual(generated.replaces(before, { setting: "shared.other" }), ["setting"]);
    assert.deepEqual(generated.replaces(before, { setting: "shared.other", formerly: ["shared.token"] }), []);
    assert.deepEqual(generated.replaces(before, { environment: { ...stack.environment, name: "other" } }), ["environment"]);
    assert.deepEqual(generated.replaces(before, { generation: { make: "ed25519" } }), []);
  });

  it("detects a changed or missing value, and uses the one on this machine", async () => {
    const state = await create();
    const file = generatedFile(stack.folder());
    const other = "ab".repeat(32);
    await writeFile(file, (await readFile(file, "utf8")).replace(valueOf(state), other));
    assert.deepEqual(await generated.drifted?.(state), ["value"]);
    assert.equal((await generated.read(state))?.outputs["value"], other);
    assert.equal(valueOf(await updated(generated, state, {}, stack.context)), other);
    await rm(file);
    assert.deepEqual([await generated.drifted?.(state), await generated.read(state)], [["value"], undefined]);
    assert.notEqual(registerSecret(valueOf(await updated(generated, state, {}, stack.context))), other);
  });

  it("is never replaced because its file is damaged, and shows nothing of it", async () => {
    const state = await create();
    const file = generatedFile(stack.folder());
    await writeFile(file, (await readFile(file, "utf8")).slice(0, -10));
    for (const step of [
      () => generated.drifted?.(state),
      () => generated.read(state),
      () => generated.update(state, state.inputs, stack.context),
      () => generated.remove({ ...state, inputs: { ...state.inputs, forceDestroy: true } }, stack.context),
      () => create({ setting: "shared.other" }),
    ])
      await assert.rejects(
        async () => step(),
        (error: Error) => {
          assert.match(error.message, /is damaged/);
          assert.ok(!error.message.includes(valueOf(state)));
          return true;
        },
      );
  });

  it("cannot be imported, and accepts only valid ways to make it", async () => {
    await assert.rejects(generated.read({ id: path.join(stack.folder(), "generated/shared_token") }), { code: "IMPORT_UNSUPPORTED" });
    for (const generation of [{ make: "bytes", bytes: 4, as: "hex" }, { make: "dsa" }, { make: "rsa", bits: 512 }, {}])
      assert.throws(() => checked(generated, token({ generation })), /generation/);
  });
});
