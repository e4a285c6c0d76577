import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { values } from "../../../../lib/pulumi/provider/handlers/values";
import { checked, created, makeStack, updated, type LocalStack } from "../../../support/local-stack";

describe("the values of a stack's group", () => {
  let stack: LocalStack;
  beforeEach(async () => (stack = await makeStack("values")));
  afterEach(() => stack.clean());

  const shared = (texts: object) => ({ environment: stack.environment, group: "shared", values: texts });
  const create = (texts: object) => created(values, shared(texts), stack.context);

  it("are in a file that only its owner can read, and are deleted when removed", async () => {
    const state = await create({ API_KEY: "it's $ecret\n" });
    assert.deepEqual(JSON.parse(await readFile(new URL(state.outputs.address), "utf8")), state.inputs.values);
    assert.equal((await stat(state.id)).mode & 0o777, 0o600);
    assert.deepEqual([await values.drifted?.(state), await values.read(state)], [[], state]);
    assert.deepEqual(await create({ API_KEY: "it's $ecret\n" }), state);
    await values.remove(state, stack.context);
    await values.remove(state, stack.context);
    assert.equal(existsSync(stack.folder()), false);
    assert.equal(await values.read(state), undefined);
  });

  it("have any change detected, and are written again", async () => {
    const state = await create({ A: "1" });
    const changes = [
      () => rm(state.id),
      () => writeFile(state.id, '{"A":"2"}'),
      () => writeFile(state.id, "{"),
      () => chmod(state.id, 0o644),
    ];
    for (const change of changes) {
      await change();
      assert.deepEqual([await values.drifted?.(state), (await values.read(state))?.outputs.written], [["written"], false]);
      assert.deepEqual(await updated(values, state, {}, stack.context), state);
      assert.deepEqual(await values.drifted?.(state), []);
    }
  });

  it("are stored exactly as given", async () => {
    const state = await updated(values, await create({ A: "1", B: "2" }), { values: { B: "3" } }, stack.context);
    assert.deepEqual(JSON.parse(await readFile(state.id, "utf8")), { B: "3" });
  });

  it("can be imported by their file", async () => {
    const state = await create({ A: "1" });
    assert.deepEqual(await values.read({ id: state.id }), state);
    assert.equal(await values.read({ id: state.id.replace("shared", "none") }), undefined);
  });

  it("are in a separate file for each group, and never outside the folder", () => {
    const before = checked(values, shared({}));
    assert.deepEqual(values.replaces(before, { group: "web" }), ["group"]);
    assert.deepEqual(values.replaces(before, shared({ A: "1" }) as typeof before), []);
    assert.throws(() => checked(values, { ...shared({}), group: "../../escaped" }), /must be a group name/);
  });
});
