// @ts-check
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { root } from "../root.mjs";

/** The default folder of the demo's stack. */
export const FOLDER = path.join(root, ".demo");

/**
 * Paths in the demo's folder. The user's own `~/.pulumi` and stacks are not touched.
 * @param {string} folder
 */
export const inside = (folder) => ({
  /** PULUMI_HOME: the provider and Pulumi's own files. */
  home: path.join(folder, "home"),
  /** The stack's state. */
  stacks: path.join(folder, "stacks"),
  /** Pulumi works here, with the stack's configuration. */
  work: path.join(folder, "work"),
  passphrase: path.join(folder, "passphrase"),
  /** Lock of the process that works on the stack. */
  lock: path.join(folder, "lock"),
});

/**
 * Creates or completes the demo's private folder. A stack cannot be decrypted without its passphrase: if it is missing, a new stack is
 * created, which takes over the running servers.
 * @param {string} folder
 */
export const makeFolder = async (folder) => {
  const { home, stacks, work, passphrase } = inside(folder);
  if ((await textOf(passphrase)) === "" && existsSync(stacks)) {
    console.log(`${passphrase} is missing, so the stack cannot be decrypted: creating a new one, which takes over the running servers`);
    await rm(stacks, { recursive: true, force: true });
    await rm(work, { recursive: true, force: true });
  }
  for (const made of [folder, home, stacks, work]) {
    await mkdir(made, { recursive: true });
    await chmod(made, 0o700);
  }
  if ((await textOf(passphrase)) !== "") return;
  const { default: writeFileAtomic } = await import("write-file-atomic");
  await writeFileAtomic(passphrase, randomBytes(32).toString("base64url"), { mode: 0o600 });
};

/** @param {string} file */
const textOf = (file) =>
  readFile(file, "utf8").catch((error) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
