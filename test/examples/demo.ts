import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../support/package";

/** What `npm run demo -- --json` prints. */
export interface Result {
  readonly ok: boolean;
  readonly engine: { readonly used: boolean; readonly changes?: Readonly<Record<string, number>> };
  readonly proofs: ReadonlyArray<{ readonly name: string; readonly status: "shown" | "failed" | "skipped"; readonly reason?: string }>;
  readonly stopped: readonly string[];
  readonly left: readonly string[];
}

/** The demo with a state of its own, so that nothing that a developer runs is touched. */
export interface Demo {
  /** Where endow keeps its environments. */
  readonly state: string;
  /** What Pulumi keeps of the stack. */
  readonly folder: string;
  readonly run: (...args: string[]) => Promise<{ readonly result: Result; readonly talk: string }>;
  /** As `run`, without waiting for its end. */
  readonly start: (...args: string[]) => { readonly child: ChildProcess; readonly talk: () => string };
  /** Takes down what is left, and removes it all. */
  readonly clean: () => Promise<void>;
}

export const makeDemo = async (): Promise<Demo> => {
  assert.ok(existsSync(path.join(root, "dist/cli/main.js")), "there is no dist/: run `npm run build` first");
  const home = await mkdtemp(path.join(tmpdir(), "endow demo-"));
  const [state, folder] = [path.join(home, "state"), path.join(home, "stack")];
  // From another folder, with another database in the environment, and without a terminal.
  const env = { ...process.env, XDG_STATE_HOME: state, CI: "true", DATABASE_URL: "postgresql://nobody@db.invalid/other" };
  let isUp = false;
  const start: Demo["start"] = (...args) => {
    const command = [path.join(root, "tools/demo.mjs"), "--json", "--folder", folder, ...args];
    const child = spawn(process.execPath, command, { env, cwd: tmpdir(), stdio: ["ignore", "pipe", "pipe"] });
    let talk = "";
    isUp = true;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (talk += text));
    return { child, talk: () => talk };
  };
  const run: Demo["run"] = async (...args) => {
    const { child, talk } = start(...args);
    let stdout = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    const [code] = (await once(child, "close")) as [number | null];
    assert.equal(code, 0, talk());
    if (args.includes("--down")) isUp = false;
    return { result: JSON.parse(stdout) as Result, talk: talk() };
  };
  const clean = async () => {
    if (isUp) await run("--down");
    await rm(home, { recursive: true, force: true });
  };
  return { state, folder, run, start, clean };
};

/** That what the demo did was real, as far as this machine has the servers. */
export const assertShown = ({ ok, proofs }: Result): void => {
  assert.deepEqual([ok, proofs[0]?.status], [true, "shown"]);
  for (const { name, status, reason } of proofs) if (status === "skipped") console.log(`SKIP: demo, ${name}: ${reason}`);
};
