import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { credentialsIn } from "../../../../lib/local/credentials";
import { environmentFolder, stateHome } from "../../../../lib/local/folder";
import { hash } from "../../../../lib/names";
import { EndowError } from "../../../../lib/errors";
import { byType } from "../../../../lib/pulumi/provider/handlers";
import type { Properties } from "../../../../lib/pulumi/provider/marshal";
import { values } from "../../../../lib/pulumi/provider/handlers/values";
import { identify, type Identity, isAlive, signal } from "../../../../lib/supervisor/processes";
import { created, makeStack, type LocalStack } from "../../../support/local-stack";
import { registerSecret } from "../../../support/secrets";

interface Found {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** Place of each resource type in an environment's folder, with its inputs and outputs. */
interface Kind {
  readonly place: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

const server = { name: "redis", kind: "redis", formerly: [] };
const setting = { setting: "shared.url", formerly: [], name: "app", options: {}, forceDestroy: true };
const remote = { kind: "postgres", host: "127.0.0.1", port: 1, tls: { mode: "off" } };

const kinds: Readonly<Record<string, Kind>> = {
  Server: { place: "servers/redis", inputs: { ...server, forceDestroy: true }, outputs: { host: "127.0.0.1", port: 1, running: true } },
  Lease: { place: "servers/redis/app", inputs: { server, ...setting }, outputs: { login: "app", serverPort: 1 } },
  RemoteLease: {
    place: `remote/app-${hash("127.0.0.1:1")}`,
    inputs: { server: remote, administrator: { username: "a", password: "b" }, ...setting },
    outputs: { login: "app", owner: "somebody" },
  },
  Generated: {
    place: "generated/shared_token",
    inputs: { setting: "shared.token", formerly: [], generation: { make: "ed25519" }, forceDestroy: true },
    outputs: { privateKey: "x", publicKey: "y" },
  },
  Values: {
    place: "values/shared.json",
    inputs: { group: "shared", values: { A: "1" } },
    outputs: { address: "file:///x", written: true },
  },
  Process: {
    place: "processes/web",
    inputs: { name: "web", command: ["/bin/true"], cwd: "/", variables: {} },
    outputs: { log: "/x", running: true },
  },
};

/** Every step that takes a state. */
const steps = (type: string, state: Found, stack: LocalStack): Readonly<Record<string, () => Promise<unknown>>> => {
  const handler = byType[`endow-local:index:${type}`] ?? assert.fail(`there is no ${type}`);
  return {
    drifted: async () => handler.drifted?.(state),
    read: () => handler.read(state),
    update: () => handler.update(state, state.inputs, stack.context),
    remove: () => handler.remove(state, stack.context),
  };
};

describe("a state that names something endow did not create", () => {
  let stack: LocalStack;
  let bystander: string;
  /** Of another app of the same user. */
  let other: string;
  let processes: Identity[];
  let before: string;

  const sleeper = async (cwd: string): Promise<Identity> => {
    const child = spawn("sleep", ["1000"], { cwd, stdio: "ignore", detached: true });
    await once(child, "spawn");
    return identify(child.pid ?? 0) ?? assert.fail("it does not run");
  };
  /** Everything in the test's folder, except locks and files that merely reading an environment creates. */
  const snapshot = () =>
    readdirSync(path.dirname(stack.root), { recursive: true, encoding: "utf8" })
      .toSorted()
      .filter((file) => !/\/turn(\/|$)|\/lock-\d+/.test(file))
      .map((file) => {
        const place = path.join(path.dirname(stack.root), file);
        const found = lstatSync(place);
        return `${file} ${found.isFile() ? readFileSync(place, "utf8") : found.mode}`;
      })
      .join("\n");

  beforeEach(async () => {
    stack = await makeStack("hostile");
    // The root folder may pass, but the folder with everything in it must not.
    await created(values, { environment: stack.environment, group: "other", values: { B: "2" } }, stack.context);
    other = environmentFolder({ project: "another", root: stack.root }, "development");
    bystander = path.join(stack.root, "bystander");
    for (const folder of [stack.folder(), other]) {
      for (const { place } of Object.values(kinds)) mkdirSync(path.join(folder, path.dirname(place)), { recursive: true, mode: 0o700 });
      for (const name of ["servers/redis", "processes/web", path.dirname(kinds["RemoteLease"]?.place ?? "")])
        mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 });
      writeFileSync(path.join(folder, "values/shared.json"), '{"A":"1"}', { mode: 0o600 });
      writeFileSync(path.join(folder, "servers/redis/data"), "precious");
      registerSecret(await credentialsIn(path.join(folder, "servers/redis")).get("app"));
    }
    cpSync(path.join(stack.folder(), "servers"), path.join(bystander, "servers"), { recursive: true });
    for (const { place } of Object.values(kinds)) mkdirSync(path.dirname(path.join(bystander, place)), { recursive: true });
    writeFileSync(path.join(bystander, "precious"), "precious");
    writeFileSync(path.join(bystander, "values/shared.json"), '{"A":"1"}', { mode: 0o600 });
    processes = [];
    for (const cwd of [
      bystander,
      path.join(bystander, "servers/redis"),
      path.join(other, "servers/redis"),
      path.join(stack.folder(), "values"),
    ])
      processes.push(await sleeper(cwd));
    before = snapshot();
  });
  afterEach(async () => {
    for (const identity of processes) signal(identity, "SIGKILL");
    rmSync(other, { recursive: true, force: true });
    await stack.clean();
  });

  const good = (type: string, folder = stack.folder()): Found => {
    const { place, inputs, outputs } = kinds[type] ?? assert.fail();
    return {
      id: path.join(folder, place),
      inputs: { environment: stack.environment, ...inputs },
      outputs: { folder, ...outputs },
    };
  };

  const assertRefused = async (type: string, state: Found, what: string) => {
    for (const [step, run] of Object.entries(steps(type, state, stack))) {
      const outcome: unknown = await run().then(
        (result) => ({ result }),
        (error: unknown) => error,
      );
      const told = `${type}.${step}, ${what}: ${outcome instanceof Error ? outcome.message : JSON.stringify(outcome)}`;
      assert.ok(outcome instanceof EndowError && ["RESOURCE_NOT_OURS", "NOT_TRUSTED"].includes(outcome.code), told);
      assert.match(outcome.message, /\n {2}fix: \S/, told);
      assert.deepEqual(
        processes.map(isAlive),
        processes.map(() => true),
        told,
      );
      assert.equal(snapshot(), before, told);
    }
  };

  for (const [type, { place }] of Object.entries(kinds)) {
    const name = path.basename(place);
    it(`is rejected in every step of a ${type}: an id that is not canonical`, async () => {
      const folder = stack.folder();
      const parent = path.dirname(place);
      const ids = {
        "the folder above": path.join(folder, parent) + "/..",
        "several above": `${folder}/${parent}/../../..`,
        "the folder itself": `${folder}/${parent}/.`,
        "a detour": `${folder}/values/../${place}`,
        "a detour by a name": `${folder}/${parent}/x/../${name}`,
        "two slashes": `${folder}//${place}`,
        "a slash at the end": `${folder}/${place}/`,
        "the parts' folder": `${folder}/${parent}`,
        "the environment": folder,
        "the app": path.dirname(folder),
        "the state": stateHome(),
        "the root": "/",
        nothing: "",
        "a relative path": path.relative(process.cwd(), path.join(folder, place)),
        "another part of the environment": `${folder}/apps/${name}`,
        "a name that is none": `${folder}/${parent}/A B`,
        "a hidden name": `${folder}/${parent}/.x`,
        "a name with a line break": `${folder}/${place}\n`,
        "a NUL": `${folder}/${place}\0`,
        "deeper than it can be": `${folder}/${place}/${place}`,
        "a bystander": bystander,
        "a bystander's part": path.join(bystander, place),
        "a detour out of the state": `${folder}/../../../${path.relative(path.dirname(stack.root), bystander)}/${place}`,
      };
      for (const [what, id] of Object.entries(ids)) await assertRefused(type, { ...good(type), id }, what);
    });

    it(`is rejected in every step of a ${type}: one of another environment, in any field`, async () => {
      const [own, theirs] = [good(type), good(type, other)];
      await assertRefused(type, { ...own, id: theirs.id }, "its id");
      await assertRefused(type, { ...own, outputs: theirs.outputs }, "its outputs");
      await assertRefused(type, { ...own, id: theirs.id, outputs: theirs.outputs }, "id and outputs");
      for (const environment of [
        { ...stack.environment, name: "production" },
        { ...stack.environment, project: "another" },
      ])
        await assertRefused(type, { ...own, inputs: { ...own.inputs, environment } }, "its inputs");
    });

    it(`is rejected in every step of a ${type}: malformed outputs and inputs`, async () => {
      const own = good(type);
      for (const folder of [
        bystander,
        "/",
        "",
        "..",
        `${stack.folder()}/`,
        `${stack.folder()}/../development`,
        null,
        7,
        ["x"],
        {},
        undefined,
      ])
        await assertRefused(type, { ...own, outputs: { ...own.outputs, folder } }, `the folder ${JSON.stringify(folder)}`);
      for (const environment of [null, 7, "x", [], {}, { ...stack.environment, project: 7 }, { ...stack.environment, name: "" }])
        await assertRefused(type, { ...own, inputs: { ...own.inputs, environment } }, `the environment ${JSON.stringify(environment)}`);
    });

    it(`is rejected in every step of a ${type}: a symbolic link, or a path through one`, async () => {
      const own = good(type);
      const links = { Lease: ["servers/redis", "servers"], Server: ["servers/redis", "servers"], Values: [place, "values"] }[type] ?? [
        place,
        path.dirname(place),
      ];
      for (const link of links) {
        const at = path.join(stack.folder(), link);
        for (const identity of processes.splice(3)) signal(identity, "SIGKILL");
        rmSync(at, { recursive: true, force: true });
        symlinkSync(path.join(bystander, link), at);
        before = snapshot();
        await assertRefused(type, own, `${link} is a symlink`);
      }
      assert.ok(existsSync(path.join(bystander, "precious")));
    });
  }

  it("is rejected where its names do not match its id", async () => {
    for (const [type, part, wrong] of [
      ["Process", "inputs", { name: ".." }],
      ["Process", "inputs", { name: "../servers/redis" }],
      ["Process", "inputs", { name: "other" }],
      ["Process", "inputs", { name: null }],
      ["Values", "inputs", { group: "other" }],
      ["Values", "inputs", { group: "../servers/redis/data" }],
      ["Lease", "outputs", { login: "other" }],
      ["Lease", "outputs", { login: "../.." }],
      ["RemoteLease", "outputs", { login: "other" }],
      ["RemoteLease", "inputs", { server: { ...remote, host: "db.internal" } }],
      ["RemoteLease", "inputs", { server: null }],
    ] as const) {
      const own = good(type);
      await assertRefused(type, { ...own, [part]: { ...own[part], ...wrong } }, `${type}: ${JSON.stringify(wrong)}`);
    }
  });

  it("of another machine, or of a missing state folder, counts as gone, and nothing is created there", async () => {
    const elsewhere = path.join(stack.root, "elsewhere/endow", path.relative(stateHome(), stack.folder()));
    for (const type of ["Server", "Lease", "Generated", "Values", "Process"]) {
      const state = good(type, elsewhere);
      const { read, remove, update, drifted } = steps(type, state, stack);
      assert.equal(await read?.(), undefined, type);
      await remove?.();
      assert.notDeepEqual(await drifted?.(), [], type);
      await assert.rejects(async () => update?.(), { code: "RESOURCE_ELSEWHERE", message: /XDG_STATE_HOME/ });
      assert.equal(snapshot(), before);
    }
  });
});
