import assert from "node:assert/strict";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { aptIn, downloadIn } from "../../../lib/local/sources/apt";
import { quiet, temporaryFolder } from "../../support/local-server";
import { skipWithout } from "../../support/prerequisite";
import { withEnvironment } from "../../support/with-environment";

const PRINTED = `Reading package lists...
The following NEW packages will be installed:
  libjemalloc2 redis-tools
'http://archive.example/debian/pool/main/j/jemalloc/libjemalloc2_5.3.0-1_amd64.deb' libjemalloc2_5.3.0-1_amd64.deb 275000 MD5Sum:0f56
'http://archive.example/debian/pool/updates/redis-tools_7.0.15-1%7edeb12u10_amd64.deb' redis-tools_5%3a7.0.15-1~deb12u10_amd64.deb 991988 
`;

describe("APT's list of downloads", () => {
  it("contains the package and the libraries missing on this machine", () => {
    assert.deepEqual(downloadIn(PRINTED, "redis-tools"), { packages: ["libjemalloc2", "redis-tools"], version: "7.0.15" });
  });

  it("gives the version without Debian's own parts", () => {
    for (const [debian, upstream] of Object.entries({
      "5%3a7.0.15-1~deb12u10": "7.0.15",
      "8.0.1-1~bpo12+1": "8.0.1",
      "1%3a7.4.1+dfsg-2": "7.4.1",
      "2.9.10": "2.9.10",
    }))
      assert.equal(downloadIn(`'http://x/y.deb' y_${debian}_arm64.deb 1 SHA256:0\n`, "y").version, upstream);
  });

  it("is refused without the package, even if another package's name starts with its name", () => {
    assert.throws(() => downloadIn(PRINTED, "redis"), { code: "SOURCE_FAILED", message: "APT offers no file for redis" });
  });
});

describe("APT's working folder", () => {
  it("is not writable for other users, regardless of the umask", async function () {
    await skipWithout(this, "apt-get");
    const home = await temporaryFolder("apt");
    const configuration = path.join(home.folder, "apt.conf");
    await writeFile(configuration, 'Dir::Etc { SourceList "/dev/null"; SourceParts "/dev/null"; };');
    const restore = withEnvironment({ APT_CONFIG: configuration });
    const umask = process.umask(0);
    try {
      const work = path.join(home.folder, "work");
      await mkdir(work, { mode: 0o700 });
      await aptIn(work, quiet);
      const folders = (await readdir(work, { recursive: true, withFileTypes: true })).filter((entry) => entry.isDirectory());
      const places = [work, ...folders.map((entry) => path.join(entry.parentPath, entry.name))];
      assert.ok(places.includes(path.join(work, "downloads")) && places.includes(path.join(work, "lists/partial")), places.join());
      const modes = await Promise.all(places.map(async (place) => [place, (await stat(place)).mode & 0o022] as const));
      assert.deepEqual(
        modes.filter(([, open]) => open !== 0),
        [],
      );
    } finally {
      process.umask(umask);
      restore();
      await home.remove();
    }
  });
});
