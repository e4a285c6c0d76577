import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { create } from "tar";
import { freePort } from "../../lib/local/ports";
import type * as Downloaded from "../../tools/engine/downloaded.mjs";
import type * as Version from "../../tools/engine/version.mjs";
import { quiet, temporaryFolder } from "../support/local-server";
import { importTool } from "../support/tools";

describe("downloading Pulumi", () => {
  let fill: (into: string) => Promise<void>;
  let files: Map<string, Buffer>;
  let server: Server;
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let archive: string;
  let checksums: string;

  before(async () => {
    const { downloadedFrom } = await importTool<typeof Downloaded>("engine/downloaded.mjs");
    const { VERSION, platform } = await importTool<typeof Version>("engine/version.mjs");
    [archive, checksums] = [`/pulumi-v${VERSION}-${platform}.tar.gz`, `/pulumi-${VERSION}-checksums.txt`];
    temporary = await temporaryFolder("download");
    server = createServer(({ url = "" }, response) => {
      const file = files.get(url);
      response.writeHead(file === undefined ? 404 : 200, { "content-length": file?.length ?? 0 }).end(file);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    fill = (into) => downloadedFrom(`http://127.0.0.1:${port}`).fill(path.join(temporary.folder, into), { install: true, ...quiet });
  });
  beforeEach(async () => {
    const content = path.join(temporary.folder, "content");
    await mkdir(path.join(content, "pulumi"), { recursive: true });
    for (const name of ["pulumi", "pulumi-language-nodejs"]) await writeFile(path.join(content, "pulumi", name), name, { mode: 0o755 });
    await create({ file: path.join(content, "archive"), cwd: content, gzip: true }, ["pulumi"]);
    const packed = readFileSync(path.join(content, "archive"));
    const sum = createHash("sha256").update(packed).digest("hex");
    files = new Map([
      [archive, packed],
      [checksums, Buffer.from(`${"0".repeat(64)}  another.tar.gz\n${sum}  ${archive.slice(1)}\n`)],
    ]);
  });
  after(async () => {
    server.close();
    await temporary.remove();
  });
  const into = async (name: string) => {
    await mkdir(path.join(temporary.folder, name));
    return name;
  };

  it("unpacks the CLI and its language hosts", async () => {
    await fill(await into("good"));
    for (const name of ["pulumi", "pulumi-language-nodejs"])
      assert.equal(await readFile(path.join(temporary.folder, "good/bin", name), "utf8"), name);
  });

  it("refuses an archive that is not the published one", async () => {
    files.set(checksums, Buffer.from(`${"0".repeat(64)}  ${archive.slice(1)}\n`));
    await assert.rejects(fill(await into("altered")), /does not match its published checksum: its SHA-256 is [0-9a-f]{64}, expected 0{64}/);
  });

  it("says that there is no release for this machine, or at this address", async () => {
    files.set(checksums, Buffer.from(""));
    await assert.rejects(fill(await into("none")), /there is no release for /);
    files.delete(checksums);
    await assert.rejects(fill(await into("nothing")), /checksums\.txt answers 404/);
  });

  it("says that the address cannot be reached, and why", async () => {
    const { downloadedFrom } = await importTool<typeof Downloaded>("engine/downloaded.mjs");
    const port = await freePort();
    const unreachable = downloadedFrom(`http://127.0.0.1:${port}`).fill(await into("unreachable"), { install: true, ...quiet });
    await assert.rejects(unreachable, /cannot be reached: connect ECONNREFUSED/);
  });
});
