import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exec } from "tinyexec";
import { hasLanguageHost, pulumi } from "./engine";
import { root } from "./package";
import { makeSandbox, type Sandbox } from "./sandbox";

/** A folder with a Pulumi program, and the CLI as its user runs it. */
export interface TestProject extends Omit<Sandbox, "remove"> {
  /** Writes a file of the program. */
  readonly write: (name: string, text: string) => void;
  /** Runs `pulumi` in the folder, or in another one; rejects with what it printed when it fails. Gives what it printed. */
  readonly pulumi: (args: readonly string[], folder?: string) => Promise<string>;
}

/**
 * Runs a test with a project in a sandbox: `files` by their names, and the packages of this repository to import. The stack `development`
 * exists; the test destroys what it makes. Afterwards the test fails when a process is left.
 */
export const withProject = async (
  files: Readonly<Record<string, string>>,
  test: (project: TestProject) => Promise<void>,
): Promise<void> => {
  const sandbox = makeSandbox();
  const { command } = await pulumi();
  const project: TestProject = {
    ...sandbox,
    write: (name, text) => {
      mkdirSync(path.dirname(path.join(sandbox.app, name)), { recursive: true });
      writeFileSync(path.join(sandbox.app, name), text);
    },
    pulumi: (args, folder = sandbox.app) => run(command, args, folder, sandbox.environment),
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

const run = async (command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<string> => {
  const { stdout, stderr, exitCode } = await exec(command, [...args, "--non-interactive", "--color=never"], {
    nodeOptions: { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
  });
  if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${exitCode}:\n${stdout}${stderr}`);
  return stdout + stderr;
};

const addLanguageHost = (bin: string): void => {
  const file = path.join(bin, "pulumi-language-nodejs");
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${path.join(__dirname, "language-host/main.js")}' "$@"\n`);
  chmodSync(file, 0o755);
};
