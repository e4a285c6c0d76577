import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CallRequest,
  CheckRequest,
  ConfigureRequest,
  ConstructRequest,
  CreateRequest,
  DiffRequest,
  DiffResponse,
  GetSchemaRequest,
  InvokeRequest,
  ProviderHandshakeRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { ResourceProviderService as calls } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { fault } from "../../../lib/errors";
import type { Handler } from "../../../lib/pulumi/provider/handler";
import { type BoxInputs, type BoxOutputs, refusalOf, makeProviders, struct, TYPE, URN } from "./harness";

const inputs = { name: "ab", size: 1, words: [] };
/** A promise and its resolver. */
const gate = () => {
  let resolve = () => {};
  const promise = new Promise<void>((fulfil) => (resolve = fulfil));
  return { promise, resolve };
};

describe("the provider's answers", () => {
  const providers = makeProviders();
  const { start, startAttached } = providers;
  afterEach(providers.end);

  const creation = (properties: object) => new CreateRequest().setUrn(URN).setProperties(struct(properties));

  it("describe the provider and its capabilities", async () => {
    const { ask } = await start();
    const shaken = await ask(calls.handshake, new ProviderHandshakeRequest().setEngineAddress("127.0.0.1:1"));
    assert.deepEqual([shaken.getAcceptSecrets(), shaken.getAcceptResources(), shaken.getAcceptOutputs()], [true, true, false]);
    const configured = await ask(calls.configure, new ConfigureRequest());
    assert.deepEqual([configured.getAcceptsecrets(), configured.getAcceptresources(), configured.getSupportspreview()], [true, true, true]);
    assert.equal((await ask(calls.getPluginInfo, new Empty())).getVersion(), "1.2.3");
    assert.equal((await ask(calls.getSchema, new GetSchemaRequest())).getSchema(), '{"name":"boxes"}');
    await ask(calls.attach, new PluginAttach().setAddress("127.0.0.1:1"));
    const configuration = new CheckRequest().setNews(struct({ version: "1.2.3" }));
    assert.deepEqual((await ask(calls.checkConfig, configuration)).getInputs()?.toJavaScript(), { version: "1.2.3" });
    const same = await ask(calls.diffConfig, new DiffRequest());
    assert.equal(same.getChanges(), DiffResponse.DiffChanges.DIFF_NONE);
  });

  it("reject unsupported calls with a message", async () => {
    const { ask } = await start();
    const refusals = await Promise.all([
      refusalOf(ask(calls.invoke, new InvokeRequest())),
      refusalOf(ask(calls.call, new CallRequest())),
      refusalOf(ask(calls.construct, new ConstructRequest())),
    ]);
    for (const { code, details } of refusals) {
      assert.equal(code, status.UNIMPLEMENTED);
      assert.match(details, /endow-local/);
    }
    const stranger = new CheckRequest().setUrn("urn:pulumi:development::shop::endow-local:index:Bucket::b").setNews(struct({}));
    const { code, details } = await refusalOf(ask(calls.check, stranger));
    assert.equal(code, status.FAILED_PRECONDITION);
    assert.match(
      details,
      new RegExp(`has no resource type endow-local:index:Bucket; it has ${TYPE}[^]*fix: [^]*code: RESOURCE_TYPE_UNKNOWN`),
    );
  });

  it("report an expected error with its fix and its code, without a stack", async () => {
    const { ask } = await start({ create: async () => Promise.reject(fault("PORT_TAKEN", "port 1 is used", "choose another")) });
    const { code, details } = await refusalOf(ask(calls.create, creation(inputs)));
    assert.deepEqual([code, details], [status.FAILED_PRECONDITION, "port 1 is used\n  fix: choose another\n  code: PORT_TAKEN"]);
  });

  it("show progress beside the resource, at a readable rate, and keep every warning", async () => {
    const { ask, engine } = await startAttached({
      create: async (_inputs, { progress, warn }) => {
        for (let part = 0; part < 100; part++) progress(`part ${part}`);
        await delay(300);
        warn("first");
        warn("second");
        progress("never shown: the step is over");
        return { id: "box", outputs: { folder: "/boxes", password: "p", running: true } };
      },
    });
    await ask(calls.create, creation(inputs));
    const told = (severity: LogSeverity) => engine.lines.filter((line) => line.severity === severity);
    assert.deepEqual(
      told(LogSeverity.INFO).map(({ message, ephemeral, urn }) => [message, ephemeral, urn]),
      [
        ["part 0", true, URN],
        ["part 99", true, URN],
      ],
    );
    assert.deepEqual(
      told(LogSeverity.WARNING).map(({ message, ephemeral }) => [message, ephemeral]),
      [
        ["first", false],
        ["second", false],
      ],
    );
  });

  it("do not fail when a warning cannot be delivered", async () => {
    const { ask, engine } = await startAttached({
      create: async (_inputs, { warn }) => {
        engine.end();
        warn("nobody hears this");
        return { id: "box", outputs: { folder: "/boxes", password: "p", running: true } };
      },
    });
    assert.equal((await ask(calls.create, creation(inputs))).getId(), "box");
  });

  const waiting = (begun: () => void): Partial<Handler<BoxInputs, BoxOutputs>> => ({
    create: async (_inputs, { signal }) => {
      begun();
      await delay(60_000, undefined, { signal });
      throw new Error("it was not ended");
    },
  });

  it("abort running steps when the engine cancels, and start no new ones", async () => {
    const begun = gate();
    const { ask, steps } = await start(waiting(begun.resolve));
    const refusal = refusalOf(ask(calls.create, creation(inputs)));
    await begun.promise;
    await ask(calls.cancel, new Empty());
    const { code, details } = await refusal;
    assert.equal(code, status.CANCELLED);
    assert.match(details, /cancelled before it was finished[^]*code: CANCELLED/);
    assert.equal((await refusalOf(ask(calls.create, creation(inputs)))).code, status.CANCELLED);
    assert.deepEqual(steps, ["create"]);
  });

  it("abort a step that exceeds the resource's own timeout", async () => {
    const { ask } = await start(waiting(() => undefined));
    const { code, details } = await refusalOf(ask(calls.create, creation(inputs).setTimeout(0.05)));
    assert.equal(code, status.DEADLINE_EXCEEDED);
    assert.match(details, /not finished within 0.05 s[^]*customTimeouts/);
  });

  it("wait for running steps before the provider stops, but not forever", async () => {
    const begun = gate();
    let cleaned = false;
    const { ask, end } = await start({
      create: async (_inputs, { signal }) => {
        begun.resolve();
        await delay(60_000, undefined, { signal }).catch(() => delay(50));
        cleaned = true;
        throw signal.reason;
      },
    });
    const refusal = refusalOf(ask(calls.create, creation(inputs)));
    await begun.promise;
    await Promise.all([end(), refusal]);
    assert.ok(cleaned);

    const stuck = gate();
    const other = await start({
      create: () => {
        stuck.resolve();
        return new Promise(() => undefined);
      },
    });
    const lost = refusalOf(other.ask(calls.create, creation(inputs)));
    await stuck.promise;
    await other.end(50);
    await lost;
  });
});
