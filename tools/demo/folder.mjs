// @ts-check
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { root } from "../root.mjs";

/** Where the demo's stack is kept when nothing else is said. */
export const FOLDER = path.join(root, ".demo");

/**
 * What is where in the demo's folder. The user's own `~/.pulumi` and stacks are not touched.
 * @param {string} folder
 */
export const inside = (folder) => ({
  /** Pulumi's own folder: the provider, and whatever Pulumi notes. */
  home: path.join(folder, "home"),
  /** The stack's state. */
  stacks: path.join(folder, "stacks"),
  /** Pulumi works here, with the stack's configuration. */
  work: path.join(folder, "work"),
  passphrase: path.join(folder, "passphrase"),
  /** Held by the one that works on the stack. */
  lock: path.join(folder, "lock"),
});

/**
 * Makes the demo's folder, for this user alone, or completes it. A stack without its passphrase cannot be read any more: it is begun
 * anew, and takes over the servers that run.
 * @param {string} folder
 */
export const makeFolder = async (folder) => {
  const { home, stacks, work, passphrase } = inside(folder);
  if ((await textOf(passphrase)) === "" && existsSync(stacks)) {
    console.log(`${passphrase} is gone, without which the stack cannot be read: it is begun anew, and takes over what runs`);
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
