import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../support/package";
import { skipWithout } from "../support/prerequisite";
import { eventually } from "../support/supervised";

/** Stands in for npm: what it was called with, and what it found. */
const NPM = `#!/bin/sh
{ echo "$*"; pwd; echo "$HOME"; cat file ~/.npmrc ~/.cache/kept; } > "$REPORT"
[ "$WAITS" = "" ] || { trap 'echo asked >> "$REPORT"; exit 9' TERM; : > "$REPORT.ready"; while :; do sleep 0.1; done; }
echo "1 passed, 2 failed, 3 skipped"
exit 7
`;

describe(".ci/run", () => {
  let base: string;
  const at = (...parts: string[]) => path.join(base, ...parts);
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), text);
  };
  const git = (...args: string[]) => {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    const { status, stderr } = spawnSync("git", ["-C", at("repository"), ...identity, ...args], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
  };
  const environment = (more: NodeJS.ProcessEnv = {}) => ({
    ...process.env,
    PATH: `${at("bin")}${path.delimiter}${process.env["PATH"]}`,
    HOME: at("home"),
    TMPDIR: at("tmp"),
    REPORT: at("report"),
    CI: "true",
    ...more,
  });
  const script = () => at("repository/.ci/run");
  const report = () => readFileSync(at("report"), "utf8").trimEnd().split("\n");

  before(async function () {
    await skipWithout(this, "git", "bash");
  });
  beforeEach(() => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-ci-")));
    write("home/.npmrc", "registry\n");
    write("home/.cache/kept", "cached\n");
    write("tmp/.keep", "");
    write("bin/npm", NPM);
    chmodSync(at("bin/npm"), 0o755);
    write("repository/file", "committed\n");
    cpSync(path.join(root, ".ci"), at("repository/.ci"), { recursive: true });
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--message", "all");
    write("repository/file", "not committed\n");
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it("runs `npm test` on what is committed, in a clone of another place and with another home, and ends as it does", () => {
    const { status, stdout } = spawnSync("bash", [script()], {
      env: environment(),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    assert.deepEqual([status, stdout], [7, "1 passed, 2 failed, 3 skipped\n"]);
    const [command, folder = "", home = "", ...found] = report();
    assert.equal(command, "test");
    assert.match(path.relative(at("tmp"), folder), /^[^/]+\/a folder\/endow$/);
    assert.notEqual(home, at("home"));
    assert.deepEqual(found, ["committed", "registry", "cached"]);
    assert.deepEqual([existsSync(folder), existsSync(home), existsSync(at("home/.cache/kept"))], [false, false, true]);
  });

  it("passes a signal on, and waits for the end", async () => {
    const child = spawn("bash", [script()], { env: environment({ WAITS: "yes" }), stdio: "ignore" });
    const ended = once(child, "exit");
    await eventually("the tests run", () => existsSync(at("report.ready")));
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [9, null]);
    assert.equal(report().at(-1), "asked");
    assert.equal(existsSync(report()[1] ?? ""), false);
  });
});
