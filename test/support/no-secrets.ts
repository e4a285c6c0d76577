import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { TestServer } from "./local-server";

/** Relative paths of files in the server's folder that contain one of the secrets. */
const filesHolding = async (folder: string, secrets: readonly string[]): Promise<string[]> => {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const holding: string[] = [];
  for (const entry of files) {
    const file = path.join(entry.parentPath, entry.name);
    // Thousands of files: asynchronous reads take many times as long.
    const content = readFileSync(file, "latin1");
    if (secrets.some((secret) => content.includes(secret))) holding.push(path.relative(folder, file));
  }
  return holding.toSorted();
};

/** Asserts that the secrets are only in the given private files, and visible neither to other users nor in logs. */
export const assertSecretsOnlyIn = async (test: TestServer, secrets: readonly string[], files: readonly string[]): Promise<void> => {
  const { folder } = test.server;
  const { pid, log } = test.running();
  const shown: Record<string, string> = { "the log": await log() };
  if (process.platform === "linux")
    for (const name of ["cmdline", "environ"]) shown[name] = await readFile(`/proc/${pid}/${name}`, "latin1");
  for (const [where, text] of Object.entries(shown))
    for (const secret of secrets) assert.ok(!text.includes(secret), `a secret is in ${where}`);
  assert.deepEqual(await filesHolding(folder, secrets), [...files].toSorted());
  assert.equal((await stat(folder)).mode & 0o077, 0);
  for (const file of files) assert.equal((await stat(path.join(folder, file))).mode & 0o077, 0, `${file} can be read by others`);
};
