// @ts-check
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { x as extract } from "tar";
import { VERSION, platform } from "./version.mjs";

const FIVE_SECONDS = 5_000;
const TEN_MINUTES = 600_000;

/**
 * An official Pulumi release, with the language hosts. Accepted only if it matches the published checksum.
 * @param {string} releases  URL of the folder of releases @returns {import("./engine.mjs").Way}
 */
export const downloadedFrom = (releases) => ({
  name: `download from ${new URL(releases).host}`,
  key: { source: "download", name: "pulumi", version: `${VERSION}-${platform}`, executable: "bin/pulumi" },
  fill: async (folder, { progress, signal }) => {
    const archive = `pulumi-v${VERSION}-${platform}.tar.gz`;
    // Small and first, to detect an unreachable server within seconds.
    const checksums = await get(`${releases}/pulumi-${VERSION}-checksums.txt`, FIVE_SECONDS, signal).then((answer) => answer.text());
    const expected = checksums
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .find(([, name]) => name === archive)?.[0];
    if (expected === undefined) throw new Error(`there is no release for ${platform}`);
    const { body, headers } = await get(`${releases}/${archive}`, TEN_MINUTES, signal);
    progress(`downloading Pulumi ${VERSION}: once, ${Math.ceil(Number(headers.get("content-length")) / 1e6)} MB`);
    if (body === null) throw new Error(`${archive} is empty`);
    const found = await unpack(Readable.fromWeb(body), path.join(folder, "bin"));
    if (found !== expected)
      throw new Error(`${archive} does not match its published checksum: its SHA-256 is ${found}, expected ${expected}`);
  },
});

export const downloaded = downloadedFrom("https://get.pulumi.com/releases/sdk");

/** @param {string} address @param {number} milliseconds @param {AbortSignal} signal */
const get = async (address, milliseconds, signal) => {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  const answer = await fetch(address, { signal: limit }).catch((/** @type {Error} */ error) => {
    throw new Error(`${address} cannot be reached: ${causeOf(error)}`, { cause: error });
  });
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  return answer;
};

/** The cause of a `fetch` error, whose own message only says that it failed. @param {Error} error */
const causeOf = ({ message, cause }) => (cause instanceof Error ? cause.message : message);

/** Extracts the archive and returns its SHA-256. @param {Readable} archive @param {string} folder */
const unpack = async (archive, folder) => {
  await mkdir(folder);
  const hash = createHash("sha256");
  archive.on("data", (chunk) => hash.update(chunk));
  await pipeline(archive, extract({ cwd: folder, strip: 1, preserveOwner: false, strict: true }));
  return hash.digest("hex");
};
