import assert from "node:assert/strict";
import {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  PropertyDiff,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { ResourceProviderService as calls } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UNKNOWN } from "../../../lib/pulumi/provider/marshal";
import { makeProviders, marked, struct, URN } from "./harness";

const SECRET = "hUnTeR2";
const inputs = { name: "ab", size: 1, words: [] };
const state = { ...inputs, folder: "/boxes", password: marked(SECRET), running: true };
const plain = (sent: Struct | undefined) => sent?.toJavaScript();

describe("the provider's answers for a resource", () => {
  const providers = makeProviders();
  const { start } = providers;
  afterEach(providers.end);

  const creation = (properties: object) => new CreateRequest().setUrn(URN).setProperties(struct(properties));
  const change = (news: object) =>
    new UpdateRequest().setUrn(URN).setId("box").setOlds(struct(state)).setOldInputs(struct(inputs)).setNews(struct(news));
  const difference = (news: object) =>
    new DiffRequest().setUrn(URN).setId("box").setOlds(struct(state)).setOldInputs(struct(inputs)).setNews(struct(news));

  it("check: defaults filled in, the kind's own secrets and the program's marked", async () => {
    const { ask } = await start();
    const news = { name: "ab", key: "k", words: ["a", marked("b")] };
    const response = await ask(calls.check, new CheckRequest().setUrn(URN).setNews(struct(news)));
    assert.deepEqual(response.getFailuresList(), []);
    assert.deepEqual(plain(response.getInputs()), { name: "ab", key: marked("k"), size: 1, words: marked(["a", "b"]) });
  });

  it("check: failures contain the property's path, but in a way that the engine prints no value", async () => {
    const { ask } = await start();
    const request = new CheckRequest().setUrn(URN).setNews(struct({ name: "a", inner: { port: 70_000 } }));
    const response = await ask(calls.check, request);
    const failures = response.getFailuresList().map((failure) => [failure.getProperty(), failure.getReason()]);
    assert.deepEqual(failures, [
      ["", "name: Too small: expected string to have >=2 characters"],
      ["", "inner.port: Too big: expected number to be <=65535"],
    ]);
  });

  it("diff: no changes for the same inputs", async () => {
    const { ask, steps } = await start();
    const response = await ask(calls.diff, difference(inputs));
    assert.equal(response.getChanges(), DiffResponse.DiffChanges.DIFF_NONE);
    assert.deepEqual([response.getDiffsList(), response.getReplacesList(), steps], [[], [], []]);
  });

  it("diff: each change with its kind, and those that require a replacement", async () => {
    const { ask } = await start({ deleteBeforeReplace: true });
    const response = await ask(calls.diff, difference({ name: "cd", words: ["x"], key: marked("k") }));
    const { ADD, DELETE, UPDATE, UPDATE_REPLACE } = PropertyDiff.Kind;
    const details = response.getDetaileddiffMap();
    const kinds = Object.fromEntries(response.getDiffsList().map((name) => [name, details.get(name)?.getKind()]));
    assert.deepEqual(kinds, { name: UPDATE_REPLACE, words: UPDATE, size: DELETE, key: ADD });
    assert.deepEqual([response.getReplacesList(), response.getStablesList(), response.getDeletebeforereplace()], [["name"], [], true]);
  });

  it("diff: an unknown name is a change, but does not yet require a replacement", async () => {
    const { ask } = await start();
    const response = await ask(calls.diff, difference({ ...inputs, name: UNKNOWN }));
    assert.deepEqual([response.getDiffsList(), response.getReplacesList(), response.getStablesList()], [["name"], [], ["folder", "host"]]);
  });

  it("diff: drift is an update", async () => {
    const { ask, steps } = await start({ drifted: async ({ outputs }) => (outputs.password === SECRET ? ["running"] : []) });
    const response = await ask(calls.diff, difference(inputs));
    assert.equal(response.getChanges(), DiffResponse.DiffChanges.DIFF_SOME);
    assert.deepEqual([response.getDiffsList(), response.getReplacesList(), steps], [["running"], [], []]);
  });

  it("create: inputs and outputs, the secret ones marked", async () => {
    const { ask, steps } = await start();
    const response = await ask(calls.create, creation({ ...inputs, key: marked("k") }));
    assert.equal(response.getId(), "made-ab");
    assert.deepEqual(plain(response.getProperties()), {
      ...inputs,
      key: marked("k"),
      folder: "/boxes",
      password: marked("pw-made"),
      running: true,
    });
    assert.deepEqual(steps, ["create"]);
  });

  it("create in a preview: creates nothing, and leaves the outputs unknown", async () => {
    const { ask, steps } = await start();
    const response = await ask(calls.create, creation(inputs).setPreview(true));
    assert.deepEqual([response.getId(), plain(response.getProperties())], ["", { ...inputs, password: marked(UNKNOWN) }]);
    const unknown = await ask(calls.create, creation({ ...inputs, name: UNKNOWN }).setPreview(true));
    assert.deepEqual(plain(unknown.getProperties()), { ...inputs, name: UNKNOWN });
    assert.deepEqual(steps, []);
  });

  it("update: the new inputs, with the handler's outputs", async () => {
    const seen: unknown[] = [];
    const { ask } = await start({
      update: async (before, after) => {
        seen.push(before, after);
        return { folder: "/boxes", password: "pw-updated", running: true };
      },
    });
    const response = await ask(calls.update, change({ ...inputs, size: 2 }));
    assert.deepEqual(plain(response.getProperties()), {
      ...inputs,
      size: 2,
      folder: "/boxes",
      password: marked("pw-updated"),
      running: true,
    });
    assert.deepEqual(seen, [
      { id: "box", inputs, outputs: { ...state, password: SECRET } },
      { ...inputs, size: 2 },
    ]);
  });

  it("update in a preview: changes nothing; only stable outputs stay known", async () => {
    const { ask, steps } = await start();
    const response = await ask(calls.update, change({ ...inputs, size: 2 }).setPreview(true));
    assert.deepEqual(plain(response.getProperties()), {
      ...inputs,
      size: 2,
      folder: "/boxes",
      password: marked(UNKNOWN),
      running: UNKNOWN,
    });
    assert.deepEqual(steps, []);
  });

  it("read: the resource's current state, with its secrets still marked", async () => {
    const { ask } = await start();
    const known = new ReadRequest()
      .setUrn(URN)
      .setId("box")
      .setProperties(struct(state))
      .setInputs(struct({ ...inputs, words: marked(["w"]) }));
    const response = await ask(calls.read, known);
    assert.equal(response.getId(), "box");
    assert.deepEqual(plain(response.getInputs()), { ...inputs, words: marked(["w"]) });
    assert.deepEqual(plain(response.getProperties()), { ...state, words: marked(["w"]), running: false });
  });

  it("read: an empty id for a resource that is gone; an import knows only the id", async () => {
    const { ask } = await start({
      read: async ({ id, inputs, outputs }) => {
        assert.deepEqual([inputs, outputs], [undefined, undefined]);
        return id === "gone"
          ? undefined
          : { id, inputs: { name: "ab", size: 1, words: [] }, outputs: { folder: "/boxes", password: SECRET, running: true } };
      },
    });
    const gone = await ask(calls.read, new ReadRequest().setUrn(URN).setId("gone").setProperties(struct({})));
    assert.deepEqual([gone.getId(), gone.getProperties()], ["", undefined]);
    const imported = await ask(calls.read, new ReadRequest().setUrn(URN).setId("box"));
    assert.deepEqual([plain(imported.getInputs()), plain(imported.getProperties())], [inputs, state]);
  });

  it("delete: passes on the state", async () => {
    const seen: unknown[] = [];
    const { ask } = await start({ remove: async (state) => void seen.push(state) });
    const request = new DeleteRequest().setUrn(URN).setId("box").setProperties(struct(state)).setOldInputs(struct(inputs));
    await ask(calls.delete, request);
    assert.deepEqual(seen, [{ id: "box", inputs, outputs: { ...state, password: SECRET } }]);
  });
});
