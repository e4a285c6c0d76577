// @ts-check
import { spawnSync } from "node:child_process";
import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const MEMORY = "/dev/shm";
const TMPFS = 0x01021994;
const ENOUGH = 4 * 1024 ** 3;
const DAY = 24 * 60 * 60 * 1000;

/**
 * The folder for the tests' files: in memory if Linux has a file system there, because the tests mostly wait for a disk that writes PostgreSQL
 * data folders; otherwise, or if TMPDIR is set, the usual temporary folder.
 * @returns {{ folder: string, why: string }}  an existing folder, and the reason for it
 */
export const temporaryPlace = () => {
  if (process.env["TMPDIR"] !== undefined) return { folder: tmpdir(), why: "TMPDIR" };
  const reason = unfit(MEMORY);
  if (reason !== undefined) return { folder: tmpdir(), why: reason };
  removeOld(MEMORY);
  return { folder: MEMORY, why: "in memory; TMPDIR=/tmp keeps them on the disk" };
};

/**
 * Why a folder cannot hold the tests' files in memory.
 * @param {string} folder @param {number} [free]  bytes of memory that this process may have
 */
export const unfit = (folder, free = process.availableMemory()) => {
  try {
    const { type, bavail, bsize } = statfsSync(folder);
    if (type !== TMPFS) return `${folder} is not in memory`;
    if (Math.min(bavail * bsize, free) < ENOUGH) return `less than ${ENOUGH / 1024 ** 3} GB of memory are free`;
    return runsPrograms(folder) ? undefined : `no program may run in ${folder}`;
  } catch (error) {
    return `${folder} cannot be used (${error instanceof Error && "code" in error ? String(error.code) : String(error)})`;
  }
};

/**
 * Deletes files of killed runs, which would use memory until the next reboot.
 * @param {string} folder
 */
export const removeOld = (folder) => {
  for (const name of readdirSync(folder).filter((each) => each.startsWith("endow-"))) {
    const old = path.join(folder, name);
    const found = lstatSync(old, { throwIfNoEntry: false });
    if (found && found.uid === process.getuid?.() && Date.now() - found.mtimeMs > DAY) rmSync(old, { recursive: true, force: true });
  }
};

/** Whether programs can be executed there, because tests run programs that they create. @param {string} parent */
const runsPrograms = (parent) => {
  const folder = mkdtempSync(path.join(parent, "endow-"));
  try {
    const program = path.join(folder, "program");
    writeFileSync(program, "#!/bin/sh\n");
    chmodSync(program, 0o700);
    return spawnSync(program).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
};
