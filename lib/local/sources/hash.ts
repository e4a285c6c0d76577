import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fault } from "../../errors";

/** What a downloaded file must be: `sha512-<base64>` as npm writes it, or `sha256:<hex>` as pip does. */
export type Hash = `sha512-${string}` | `sha256:${string}`;

/** @throws EndowError `DOWNLOAD_ALTERED`, naming the hash that was expected and the one found. */
export const assertHash = async (file: string, expected: Hash): Promise<void> => {
  const content = await readFile(file);
  const found = expected.startsWith("sha512-")
    ? `sha512-${createHash("sha512").update(content).digest("base64")}`
    : `sha256:${createHash("sha256").update(content).digest("hex")}`;
  if (found === expected) return;
  throw fault(
    "DOWNLOAD_ALTERED",
    `the downloaded ${path.basename(file)} is not the file that this version of endow was made for: expected ${expected}, found ${found}`,
    "find out what answers for the package registry: its address in ~/.npmrc or pip's configuration, a mirror, or a proxy",
  );
};
