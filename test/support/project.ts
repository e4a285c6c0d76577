import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { hasLanguageHost, pulumi } from "./engine";
import { root } from "./package";
import { makeSandbox, type Sandbox } from "./sandbox";

/** A folder with a Pulumi program, and the CLI as a user runs it. */
export interface TestProject extends Omit<Sandbox, "remove"> {
  /** Writes a file of the program. */
  readonly write: (name: string, text: string) => void;
  /** Runs `pulumi` in the folder or another one, and returns its output; rejects with the output if it fails. */
  readonly pulumi: (args: readonly string[], options?: RunOptions) => Promise<string>;
  /** Like `pulumi`, without waiting for its exit. */
  readonly start: (args: readonly string[], options?: RunOptions) => Running;
  /** Runs the built `endow` in the folder, like `pulumi`. */
  readonly endow: (args: readonly string[], options?: RunOptions) => Promise<string>;
  /** All output so far, except that of runs that print secrets on purpose. */
  readonly output: () => string;
}

export interface RunOptions {
  /** @default - the program's folder */
  readonly folder?: string;
  /** Additional variables; `undefined` removes one of the sandbox's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether this run prints secrets on purpose. */
  readonly reveals?: boolean;
}

export interface Running {
  /** Kills only the program itself with SIGKILL, not its children. */
  readonly kill: () => void;
  readonly finished: Promise<{ readonly code: number | null; readonly output: string }>;
}

/**
 * Runs a test with a project in a sandbox: `files` by name, and this repository's packages to import. The stack `development` exists;
 * the test must destroy its resources. Fails the test if a process is left afterwards.
 */
export const withProject = async (
  files: Readonly<Record<string, string>>,
  test: (project: TestProject) => Promise<void>,
): Promise<void> => {
  const sandbox = makeSandbox();
  const { command } = await pulumi();
  const printed: string[] = [];
  const launch = (program: readonly [string, ...string[]], { folder = sandbox.app, env, reveals = false }: RunOptions = {}): Running => {
    const running = spawnIn(program, folder, { ...process.env, ...sandbox.environment, ...env });
    if (!reveals) void running.finished.then(({ output }) => printed.push(output));
    return running;
  };
  const start: TestProject["start"] = (args, options) => launch([command, ...args, "--non-interactive", "--color=never"], options);
  const project: TestProject = {
    ...sandbox,
    write: (name, text) => {
      mkdirSync(path.dirname(path.join(sandbox.app, name)), { recursive: true });
      writeFileSync(path.join(sandbox.app, name), text);
    },
    start,
    pulumi: (args, options) => endOf(`pulumi ${args.join(" ")}`, start(args, options)),
    endow: (args, options) =>
      endOf(`endow ${args.join(" ")}`, launch([process.execPath, path.join(root, "dist/cli/main.js"), ...args], options)),
    output: () => printed.join("\n"),
  };
  try {
    if (!(await hasLanguageHost())) addLanguageHost(sandbox.bin);
    symlinkSync(path.join(root, "node_modules"), path.join(sandbox.app, "node_modules"), "junction");
    for (const [name, text] of Object.entries(files)) project.write(name, text);
    await project.pulumi(["stack", "init", "development"]);
    await test(project);
    await sandbox.assertNothingRuns();
  } finally {
    await sandbox.remove();
  }
};

const spawnIn = ([program, ...args]: readonly [string, ...string[]], cwd: string, env: NodeJS.ProcessEnv): Running => {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const finished = once(child, "close").then(([code]) => ({ code: code as number | null, output }));
  return { kill: () => child.kill("SIGKILL"), finished };
};

const endOf = async (what: string, { finished }: Running): Promise<string> => {
  const { code, output } = await finished;
  if (code !== 0) throw new Error(`${what} exited with ${code}:\n${output}`);
  return output;
};

const addLanguageHost = (bin: string): void => {
  const file = path.join(bin, "pulumi-language-nodejs");
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${path.join(__dirname, "language-host/main.js")}' "$@"\n`);
  chmodSync(file, 0o755);
};
