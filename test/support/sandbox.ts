import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { downFolder } from "../../lib/local/down";
import { entriesIn, identify, signal } from "../../lib/supervisor/processes";
import { root } from "./package";
import { processesNaming } from "./processes";

/** Milliseconds that processes have to exit. Only a failing test waits this long. */
const GRACE = 30_000;

/** Isolates Pulumi and endow from this machine's other stacks and servers. */
export interface Sandbox {
  readonly folder: string;
  /** Empty folder for a Pulumi program. */
  readonly app: string;
  /** Folder in which Pulumi finds programs, including the provider of `endow-local` if it is built. */
  readonly bin: string;
  /** Variables for every Pulumi command, besides those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Everything that Pulumi stores about its stacks: states, backups, history. */
  readonly stateText: () => string;
  /** Asserts that no secret is in Pulumi's files or logs, or in one of the texts: as is, in JSON, in a URL or as base64. */
  readonly assertNoSecret: (secrets: readonly string[], ...texts: string[]) => void;
  /** Rejects if a process started in it does not exit within this many milliseconds. @default 30 seconds */
  readonly assertNothingRuns: (grace?: number) => Promise<void>;
  /** Stops every process started in it, and deletes it. */
  readonly remove: () => Promise<void>;
}

/** @param environment additional variables, which take precedence */
export const makeSandbox = (environment: Readonly<Record<string, string>> = {}): Sandbox => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-pulumi-")));
  // Servers run as another user when the tests run as root.
  if (process.getuid?.() === 0) chmodSync(folder, 0o711);
  const [app, bin, home, stacks, state] = ["app", "bin", "home", "stacks", "state"].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
    string,
    string,
  ];
  for (const made of [app, bin, home, stacks]) mkdirSync(made, { mode: 0o700 });
  const provider = path.join(root, "dist/provider/main.js");
  if (existsSync(provider)) symlinkSync(provider, path.join(bin, "pulumi-resource-endow-local"));
  return {
    folder,
    app,
    bin,
    environment: {
      PATH: [bin, path.dirname(process.execPath), process.env["PATH"] ?? ""].join(path.delimiter),
      PULUMI_HOME: home,
      // A state is replaced atomically, but not its metadata file: if a kill leaves that empty, Pulumi can read neither.
      PULUMI_BACKEND_URL: `file://${stacks}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase of a test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // The examples' types were already checked; here they would be checked at every step.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      // The CLI runs for seconds, and would spend a quarter of its time on garbage collection.
      GOGC: "off",
      GOMEMLIMIT: "1GiB",
      XDG_STATE_HOME: state,
      ...environment,
    },
    stateText: () => textIn(stacks),
    assertNoSecret: (secrets, ...texts) => {
      const searched = [textIn(stacks), textIn(home), textIn(app), ...texts].join("\n");
      for (const [index, secret] of secrets.entries())
        for (const form of formsOf(secret)) assert.ok(!searched.includes(form), `the secret at index ${index} is exposed`);
    },
    assertNothingRuns: async (grace = GRACE) => {
      for (const end = Date.now() + grace; processesOf(folder).length > 0 && Date.now() < end;) await sleep(50);
      const left = processesOf(folder).map((pid) => `${commandOf(pid)} (${pid})`);
      assert.deepEqual(left, [], "processes outlived the stack");
    },
    remove: () => removeSandbox(folder, state),
  };
};

const textIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "latin1"))
    .join("\n");

const formsOf = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
];

const removeSandbox = async (folder: string, state: string): Promise<void> => {
  const apps = path.join(state, "endow");
  try {
    for (const app of foldersIn(apps)) for (const environment of foldersIn(app)) await downFolder(environment, { removeData: true });
  } finally {
    for (const pid of processesOf(folder)) {
      const identity = identify(pid);
      if (identity !== undefined) signal(identity, "SIGKILL");
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** Processes that work in it or have it in their arguments. */
const processesOf = (folder: string): number[] => [...new Set([...entriesIn(folder).map(({ pid }) => pid), ...processesNaming(folder)])];

const foldersIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => path.join(folder, name))
    : [];

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "a process";
  }
};
