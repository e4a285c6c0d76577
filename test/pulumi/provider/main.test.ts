import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { ResourceProviderService as calls } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CheckRequest, GetSchemaRequest, ProviderHandshakeRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { install } from "../../../lib/cli/plugin";
import { until } from "../../../lib/supervisor/end";
import { identify, type Identity, isAlive, signal } from "../../../lib/supervisor/processes";
import { version } from "../../../lib/internal/version";
import { root } from "../../support/package";
import { connect, refusalOf, struct } from "./harness";

const dist = path.join(root, "dist");
const urnOf = (type: string) => `urn:pulumi:development::shop::endow-local:index:${type}::it`;

describe("the provider's program", () => {
  let base: string;
  let program: string;
  const started: Identity[] = [];
  before(async () => {
    if (!existsSync(path.join(dist, "provider/main.js"))) throw new Error("dist/ is missing: run `npm run build` before these tests");
    // No other modules are available to it.
    base = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-provider-")));
    const folder = path.join(base, "plugins/resource-endow-local-v0.0.1");
    await install({ version: version(), folder }, dist);
    program = path.join(folder, "pulumi-resource-endow-local");
  });
  afterEach(() => {
    for (const each of started.splice(0)) signal(each, "SIGKILL");
  });
  after(() => rmSync(base, { recursive: true, force: true }));

  const remember = (pid: number | undefined): Identity => {
    const identity = identify(pid ?? 0);
    assert.ok(identity !== undefined);
    started.push(identity);
    return identity;
  };
  const firstOf = async (stream: Readable): Promise<string> => ((await once(stream.setEncoding("utf8"), "data")) as [string])[0];
  const start = async () => {
    const child = spawn(program, [], { cwd: base, env: { PATH: process.env["PATH"] }, stdio: ["pipe", "pipe", "inherit"] });
    remember(child.pid);
    const line = await firstOf(child.stdout);
    assert.match(line, /^\d+\n$/);
    return { child, ...connect(Number(line)) };
  };

  it("prints its port, answers there, and exits on the engine's signal", async () => {
    const { child, ask, close } = await start();
    const shaken = await ask(calls.handshake, new ProviderHandshakeRequest().setEngineAddress("127.0.0.1:1"));
    assert.equal(shaken.getAcceptSecrets(), true);
    assert.equal((await ask(calls.getPluginInfo, new Empty())).getVersion(), version());
    close();
    child.kill("SIGINT");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  it("does not start where another user can modify its files, and tells the engine why", async () => {
    const supervisor = path.join(path.dirname(program), "supervisor/main.js");
    chmodSync(supervisor, 0o666);
    try {
      const child = spawn(program, [], { cwd: base, env: { PATH: process.env["PATH"] }, stdio: ["ignore", "pipe", "pipe"] });
      remember(child.pid);
      const said = await firstOf(child.stderr);
      assert.ok(said.startsWith(`${supervisor} can be changed by other users (mode 0666)`), said);
      assert.match(said, /\n {2}fix: delete it: rm -r '.*', then run `npx endow setup`/);
      assert.equal(child.exitCode ?? (await once(child, "exit"))[0], 1);
    } finally {
      chmodSync(supervisor, 0o644);
    }
  });

  it("returns a schema of its resources, with their secrets marked", async () => {
    const { ask, close } = await start();
    const schema = JSON.parse((await ask(calls.getSchema, new GetSchemaRequest())).getSchema()) as {
      readonly name: string;
      readonly version: string;
      readonly types: Record<string, { readonly required: readonly string[] }>;
      readonly resources: Record<
        string,
        {
          readonly requiredInputs: readonly string[];
          readonly inputProperties: Record<string, object>;
          readonly properties: Record<string, object>;
        }
      >;
    };
    close();
    assert.deepEqual([schema.name, schema.version], ["endow-local", version()]);
    assert.deepEqual(
      Object.keys(schema.resources),
      ["Server", "Lease", "RemoteLease", "Generated", "Values", "Process"].map((name) => `endow-local:index:${name}`),
    );
    const { "endow-local:index:Server": server, "endow-local:index:Lease": lease, "endow-local:index:Process": process } = schema.resources;
    assert.deepEqual(server?.requiredInputs, ["environment", "name", "kind"]);
    assert.deepEqual(server?.inputProperties["forceDestroy"], { type: "boolean", default: false });
    assert.deepEqual(server?.properties["running"], { type: "boolean" });
    assert.deepEqual(schema.types["endow-local:index:ServerEnvironment"]?.required, ["project", "root", "name"]);
    assert.deepEqual(lease?.inputProperties["server"], { $ref: "#/types/endow-local:index:LeaseServer" });
    assert.deepEqual(lease?.properties["password"], { $ref: "pulumi.json#/Any", secret: true });
    const generated = schema.resources["endow-local:index:Generated"];
    assert.deepEqual(generated?.requiredInputs, ["environment", "setting", "generation"]);
    assert.deepEqual(
      [generated?.properties["value"], generated?.properties["privateKey"], generated?.properties["publicKey"]],
      [{ type: "string", secret: true }, { type: "string", secret: true }, { type: "string" }],
    );
    const remote = schema.resources["endow-local:index:RemoteLease"];
    assert.deepEqual(remote?.inputProperties["administrator"], {
      $ref: "#/types/endow-local:index:RemoteLeaseAdministrator",
      secret: true,
    });
    assert.deepEqual(remote?.requiredInputs, ["environment", "server", "administrator", "setting", "name", "options"]);
    assert.deepEqual(process?.inputProperties["variables"], { type: "object", additionalProperties: { type: "string" }, secret: true });
    assert.deepEqual(process?.inputProperties["command"], { type: "array", items: { type: "string" } });
  });

  it("checks the inputs of its resources, and rejects unknown types", async () => {
    const { ask, close } = await start();
    const news = { environment: { project: "shop", root: "shop", name: "development" }, name: "redis", kind: "redis", prot: 1 };
    const checked = await ask(calls.check, new CheckRequest().setUrn(urnOf("Server")).setNews(struct(news)));
    assert.deepEqual(
      checked.getFailuresList().map((failure) => failure.getReason()),
      [
        "environment.root: must be an absolute path",
        "prot: is not a valid property: allowed are environment, name, kind, serverId, version, formerly, program, port, forceDestroy",
      ],
    );
    const { details } = await refusalOf(ask(calls.check, new CheckRequest().setUrn(urnOf("Bucket")).setNews(struct({}))));
    assert.match(details, /has no resource type endow-local:index:Bucket[^]*endow setup[^]*RESOURCE_TYPE_UNKNOWN/);
    close();
  });

  it("exits when the engine is killed: its parent is gone", async () => {
    const source = `const { pid } = require("child_process").spawn(${JSON.stringify(program)}, { stdio: ["ignore", 1, 2] }); console.error(pid)`;
    const engine = spawn(process.execPath, ["-e", source], { stdio: ["ignore", "pipe", "pipe"] });
    remember(engine.pid);
    const [pid] = await Promise.all([firstOf(engine.stderr), firstOf(engine.stdout)]);
    const provider = remember(Number(pid));
    engine.kill("SIGKILL");
    assert.ok(await until(() => !isAlive(provider), 10_000));
  });

  it("exits when the engine is killed before it can see its parent: the other end of its pipe is closed", async () => {
    const { child, close } = await start();
    close();
    child.stdin.end();
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });
});
