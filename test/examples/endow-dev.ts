import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { registerSecret } from "../support/secrets";

export const repository = path.resolve(__dirname, "../../..");

const cli = path.join(repository, "dist/cli/main.js");

/** A state folder of its own, so that nothing that a developer runs is touched. Ends with everything that was started in it. */
export interface Sandbox {
  /** Of the environment that every program is started with. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs the built CLI to its end. */
  readonly endow: (...args: string[]) => Promise<Finished>;
  /** Starts the built CLI and waits until it, or the app that it runs, has written something like `line`. */
  readonly start: (line: RegExp, ...args: string[]) => Promise<Started>;
  readonly clean: () => Promise<void>;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly line: RegExpExecArray;
  /** SIGTERM to the CLI alone, which has to pass it on. */
  readonly stop: () => Promise<Finished>;
}

/** Variables that would stand for a server of the person who runs the tests. */
const OVERRULING =
  /^(DATABASE_URL|REDIS_URL|DB_\w+|S3_\w+|DJANGO_\w+|UPLOADS_\w+|LLM_\w+|OPENAI_API_KEY|API_KEYS|HOST|PORT|PAGE_SIZE|ENDOW_\w+|ENVIRONMENT|NODE_ENV)$/;

/** @param app folder of the example, for what `clean` takes down */
export const makeSandbox = async (app: string): Promise<Sandbox> => {
  assert.ok(existsSync(cli), `there is no ${cli}: run \`npm run build\` first`);
  const state = await realpath(await mkdtemp(path.join(tmpdir(), "endow-examples-")));
  const programs = [path.join(repository, "node_modules/.bin"), process.env["PATH"]].join(path.delimiter);
  const inherited = Object.entries(process.env).filter(([name]) => !OVERRULING.test(name));
  const env: NodeJS.ProcessEnv = { ...Object.fromEntries(inherited), XDG_STATE_HOME: state, PATH: programs };
  const children: ChildProcess[] = [];
  const spawnEndow = (args: readonly string[]) => {
    const child = spawn(process.execPath, [cli, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    return collect(child);
  };
  const endow = (...args: string[]) => spawnEndow(args).finished;
  return {
    env,
    endow,
    start: async (line, ...args) => {
      const { child, finished, waitFor } = spawnEndow(args);
      const stop = () => {
        child.kill("SIGTERM");
        return finished;
      };
      return { line: await waitFor(line), stop };
    },
    clean: async () => {
      for (const child of children) child.kill("SIGTERM");
      try {
        const { code, stderr } = await endow("dev", "--cwd", app, "--down", "--yes");
        assert.equal(code, 0, stderr);
      } finally {
        await rm(state, { recursive: true, force: true });
      }
    },
  };
};

/** The values that the last `endow dev` left, each secret among them known to the check of the whole run's output. */
export const valuesOf = async ({ endow }: Sandbox, app: string, secrets: readonly string[]): Promise<Record<string, string>> => {
  const { code, stdout, stderr } = await endow("env", "--cwd", app, "--json");
  assert.equal(code, 0, stderr);
  const values = JSON.parse(stdout) as Record<string, string>;
  for (const name of secrets) registerSecret(values[name] ?? assert.fail(`${name} has no value`));
  return values;
};

const collect = (child: ChildProcess) => {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ code, stdout, stderr }));
  });
  const waitFor = (line: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = line.exec(stdout) ?? line.exec(stderr);
        if (found) resolve(found);
      };
      child.stdout?.on("data", look);
      child.stderr?.on("data", look);
      finished.then((result) => reject(new Error(`it ended with ${result.code}:\n${result.stderr}`)), reject);
    });
  return { child, finished, waitFor };
};
