import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";
import { createInterface } from "node:readline";
import { exec } from "tinyexec";
import { cachedFolder } from "./cached";

/**
 * A Python interpreter with these packages (`"asyncpg==0.32.0"`), in a virtual environment created in the user's cache on first use.
 * Prints the reason and returns `undefined` if there is no Python 3 or the registry is unreachable.
 */
export const pythonWith = async (packages: readonly string[]): Promise<string | undefined> => {
  try {
    return await environmentWith(packages);
  } catch (error) {
    const wanted = packages.length > 6 ? `${packages.length} packages` : packages.join(", ");
    console.log(`SKIP: Python with ${wanted}: ${(error instanceof Error ? error.message : String(error)).split("\n").at(-1)}`);
    return undefined;
  }
};

const environmentWith = async (packages: readonly string[]): Promise<string> => {
  const version = await run("python3", ["--version"]);
  const key = createHash("sha256")
    .update([version, ...packages.toSorted()].join())
    .digest("hex")
    .slice(0, 16);
  const folder = await cachedFolder(`python-${key}`, async (fresh) => {
    await run("python3", ["-m", "venv", fresh]);
    await run(path.join(fresh, "bin", "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]);
  });
  return path.join(folder, "bin", "python");
};

const run = async (command: string, args: string[]): Promise<string> => {
  const { stdout, stderr, exitCode } = await exec(command, args, { timeout: 300_000, nodeOptions: { stdio: ["ignore", "pipe", "pipe"] } });
  if (exitCode !== 0) throw new Error(`${command} ${args.slice(0, 3).join(" ")}: ${stderr.trim().split("\n").at(-1)}`);
  return stdout.trim();
};

/** A Python process that answers questions: JSON lines in, JSON lines out. */
export interface PythonProcess {
  readonly ask: (question: unknown) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/**
 * @param program defines `answer(question)`; its result resolves the question, an exception rejects it.
 * The process has only PATH in its environment and no home, so the user's configuration is ignored.
 */
export const startPython = (interpreter: string, program: string): PythonProcess => {
  const child = spawn(interpreter, ["-X", "utf8", "-c", program + loop], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env["PATH"], HOME: path.join(__filename, "none") },
  });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const waiting: { resolve: (answer: unknown) => void; reject: (error: Error) => void }[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { answer, error } = JSON.parse(line) as { answer?: unknown; error?: string };
    const next = waiting.shift();
    if (error === undefined) next?.resolve(answer);
    else next?.reject(new Error(error));
  });
  child.once("close", () => {
    for (const { reject } of waiting.splice(0)) reject(new Error("the Python process exited"));
  });
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(question)}\n`);
      }),
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
};

const loop = `
import json, sys
for line in sys.stdin:
    try:
        print(json.dumps({"answer": answer(json.loads(line))}), flush=True)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
`;
