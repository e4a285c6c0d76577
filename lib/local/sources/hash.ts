import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fault } from "../../errors";

/** Expected hash of a downloaded file: `sha512-<base64>` in npm's format, or `sha256:<hex>` in pip's. */
export type Hash = `sha512-${string}` | `sha256:${string}`;

/** @throws EndowError `DOWNLOAD_ALTERED` with the expected hash and the actual one */
export const assertHash = async (file: string, expected: Hash): Promise<void> => {
  const content = await readFile(file);
  const found = expected.startsWith("sha512-")
    ? `sha512-${createHash("sha512").update(content).digest("base64")}`
    : `sha256:${createHash("sha256").update(content).digest("hex")}`;
  if (found === expected) return;
  throw fault(
    "DOWNLOAD_ALTERED",
    `the downloaded ${path.basename(file)} does not match the hash pinned by this version of endow: expected ${expected}, found ${found}`,
    "find out which server acts as the package registry: check ~/.npmrc, pip's configuration, mirrors and proxies",
  );
};
