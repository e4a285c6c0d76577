import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { makeSandbox, POSTGRES, PLAIN, PUBLISHED, type Sandbox } from "../cli/harness";
import { asNobody, runProgram } from "../support/faults-machine";
import { skipUnless, skipWithout } from "../support/prerequisite";

describe("`endow dev` that may open few files", function () {
  this.timeout(120_000);
  let box: Sandbox;
  before(() => {
    box = makeSandbox();
    box.write("settings.ts", POSTGRES);
  });
  after(() => box.clean());

  // With fewer Node itself does not start; how many it needs is its own affair.
  const limits = [20, 22, 24, 28];

  it("says that this is what is wrong, and what to do about it, wherever it comes to its end, and goes on once it may", async () => {
    let told = 0;
    for (const limit of limits) {
      const line = `ulimit -n ${limit}; exec "$0" "$@"`;
      const { code, stdout, stderr } = await runProgram(["/bin/sh", "-c", line, process.execPath, PUBLISHED, "dev"], box.root, {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"],
        XDG_STATE_HOME: box.state,
      });
      // Enough for this machine's Node and servers, or too few for its Node.
      if (code === 0 || !/^error: /m.test(stderr)) continue;
      told += 1;
      assert.equal(stdout, "");
      assert.match(stderr, /too many open files: /, `${limit}: ${stderr}`);
      assert.match(stderr, /\n {2,6}fix: raise the limit \(`ulimit -n 4096`\)/, `${limit}: ${stderr}`);
      assert.doesNotMatch(stderr, /bug in endow|restore it|(remove|delete) it|fix: read its log|fix: (see|check) /, `${limit}: ${stderr}`);
      assert.equal((await box.run(["dev", "--stop"])).code, 0);
    }
    assert.ok(told > 0, "one of the limits was too low");
    const { code, stderr } = await box.run(["dev"]);
    assert.equal(code, 0, stderr);
  });
});

describe("`endow` of a user without a home", function () {
  this.timeout(60_000);
  let box: Sandbox;
  let nobody: ReturnType<typeof asNobody>;
  const STRANGER = "54321";
  before(async function () {
    skipUnless(this, process.getuid?.() === 0, "only root can run it as a user that the system does not know");
    await skipWithout(this, "setpriv");
    box = makeSandbox();
    box.write("settings.ts", PLAIN);
    nobody = asNobody(box);
    const { code, stderr } = await nobody.run(["--version"]);
    skipUnless(this, code === 0, `another user cannot reach what was built: ${stderr}`);
    chmodSync(box.root, 0o777);
  });
  after(() => box?.clean());
  const run = (parameters: readonly string[], env: NodeJS.ProcessEnv) =>
    runProgram(
      ["setpriv", `--reuid=${STRANGER}`, `--regid=${STRANGER}`, "--clear-groups", process.execPath, PUBLISHED, ...parameters],
      box.root,
      { PATH: process.env["PATH"], ...env },
    );

  for (const [what, env, why] of [
    ["unset", {}, "HOME is not set"],
    ["empty", { HOME: "" }, 'HOME is "", which is not an absolute path'],
    ["relative", { HOME: "here" }, 'HOME is "here", which is not an absolute path'],
  ] as const)
    it(`says where things would go, and how to say where else, when HOME is ${what}`, async () => {
      const before = readdirSync(box.root);
      for (const command of [["dev"], ["status"], ["dev", "--stop"], ["status", "--all"]]) {
        const { code, stderr } = await run(command, env);
        assert.equal(code, 1, stderr);
        assert.equal(
          stderr,
          `error: servers and their data would be stored in ~/.local/state, but this user has no home folder: ${why}, and the system has none for this user\n` +
            "  fix: set HOME to a folder that this user can write to, or XDG_STATE_HOME to the absolute path of another folder\n" +
            "  code: HOME_UNKNOWN\n",
        );
      }
      assert.deepEqual(readdirSync(box.root), before);
    });

  it("works with XDG_STATE_HOME alone, and keeps nothing elsewhere", async () => {
    const state = path.join(box.root, "kept");
    const { code, stderr } = await run(["dev", "--", "true"], { XDG_STATE_HOME: state });
    assert.equal(code, 0, stderr);
    assert.ok(existsSync(path.join(state, "endow")));
    assert.equal((await run(["dev", "--down", "--yes"], { XDG_STATE_HOME: state })).code, 0);
    assert.deepEqual(readdirSync(path.join(state, "endow")), []);
  });
});
