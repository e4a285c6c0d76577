import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { processesIn } from "../../lib/supervisor/client";
import { root as repository } from "../support/package";

/** The command as it is published. */
export const PUBLISHED = path.join(repository, "dist/cli/main.js");

/** The command as unbundled files: slower, but counted for coverage. */
export const COUNTED = path.join(__dirname, "../../lib/cli/main.js");

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly finished: Promise<Finished>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** File that standard output goes to. */
  readonly into?: string;
  /** Whether this run is expected to print secrets. */
  readonly reveals?: boolean;
}

/** An app with its own folder and its own state folder. */
export interface Sandbox {
  readonly root: string;
  readonly state: string;
  readonly write: (file: string, text: string) => string;
  readonly start: (parameters: readonly string[], options?: RunOptions) => Running;
  readonly run: (parameters: readonly string[], options?: RunOptions) => Promise<Finished>;
  /** Like `start`, on a terminal whose output is in `stdout`. Prints the reason and returns `undefined` if there is no `script`. */
  readonly startOnTerminal: (parameters: readonly string[], options?: RunOptions) => Running | undefined;
  /** Takes the environments down, and asserts that no process and no file is left and that no secret was printed. */
  readonly clean: () => Promise<void>;
}

export const makeSandbox = (name = "shop", main = PUBLISHED): Sandbox => {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-cli-")));
  const [root, state] = [path.join(base, name), path.join(base, "state")];
  mkdirSync(root);
  const captured: { readonly text: () => string }[] = [];
  const secrets = new Set<string>();
  const remember = () => secretsIn(state).forEach((secret) => secrets.add(secret));

  const launch = (command: string, parameters: readonly string[], { cwd = root, env = {}, into, reveals = false }: RunOptions): Running => {
    const file = into === undefined ? undefined : openSync(into, "w");
    const child = spawn(command, parameters, {
      cwd,
      env: environment({
        XDG_STATE_HOME: state,
        ...(main === COUNTED && { NODE_V8_COVERAGE: process.env["ENDOW_TEST_COVERAGE"] }),
        ...env,
      }),
      stdio: ["pipe", file ?? "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    if (file !== undefined) closeSync(file);
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    captured.push({ text: () => output.stderr + (reveals ? "" : output.stdout) });
    const finished = once(child, "close").then(([code, signal]) => {
      remember();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null, ...output };
    });
    return { pid: child.pid ?? 0, child, stdout: () => output.stdout, finished };
  };
  const start: Sandbox["start"] = (parameters, options = {}) => launch(process.execPath, [main, ...parameters], options);
  return {
    root,
    state,
    write: (file, text) => {
      const place = path.join(root, file);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, text);
      return place;
    },
    start,
    run: (parameters, options) => start(parameters, options).finished,
    startOnTerminal: (parameters, options = {}) => {
      if (spawnSync("script", ["--version"]).status !== 0) {
        console.log("SKIP: a terminal: there is no util-linux `script`");
        return undefined;
      }
      // Without `exec`, a shell in between would determine the exit code.
      const line = `exec ${[process.execPath, main, ...parameters].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ")}`;
      return launch("script", ["-qec", line, "/dev/null"], options);
    },
    clean: async () => {
      remember();
      const { code, stderr } = await start(["dev", "--down", "--yes"]).finished;
      const left = { processes: await processesIn(base), files: existsSync(state) ? readdirSync(path.join(state, "endow")) : [] };
      rmSync(base, { recursive: true, force: true });
      assert.equal(code, 0, stderr);
      assert.deepEqual(left, { processes: [], files: [] });
      for (const secret of secrets) for (const { text } of captured) assert.ok(!text().includes(secret), "a generated secret was printed");
    },
  };
};

/** The machine's environment, without variables that look like supplied values or change the output. */
const environment = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const kept = ["PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "LANG"].map((name) => [name, process.env[name]] as const);
  return { ...Object.fromEntries(kept), TERM: "dumb", ...more };
};

/** What has been generated so far: passwords in every credentials file under the state folder, and the secrets of settings. */
const secretsIn = (state: string): string[] => {
  if (!existsSync(state)) return [];
  const files = readdirSync(state, { recursive: true, encoding: "utf8" });
  const contents = (name: string): unknown[] =>
    files.filter((file) => path.basename(file) === name).map((file) => JSON.parse(readFileSync(path.join(state, file), "utf8")) as unknown);
  const passwords = contents("credentials.json").flatMap((all) => Object.values(all as Record<string, string>));
  const generated = contents("generated.json").flatMap((all) =>
    (all as { fields: Record<string, string> }[]).flatMap(({ fields }) =>
      Object.entries(fields).flatMap(([field, text]) => (field === "publicKey" ? [] : [text])),
    ),
  );
  // Of a PEM, the lines of the key itself: a table shows it in one line.
  return [...passwords, ...generated.flatMap((text) => text.split("\n").filter((line) => line !== "" && !line.startsWith("-----")))];
};

/** A settings file with a PostgreSQL database. */
export const POSTGRES = `import { settings, postgresUrl } from "endow";
import { z } from "zod";
export const shared = settings("shared", { databaseUrl: postgresUrl({ version: "17" }), greeting: z.string().default("hello") });
`;

/** One that needs no server. */
export const PLAIN = `import { settings } from "endow";
import { z } from "zod";
export const shared = settings("shared", { greeting: z.string().default("hello") });
`;
