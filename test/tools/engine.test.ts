import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type * as EngineTool from "../../tools/engine/engine.mjs";
import { temporaryFolder } from "../support/local-server";
import { importTool } from "../support/tools";
import { withEnvironment } from "../support/with-environment";

type Way = EngineTool.Way;

describe("finding a Pulumi CLI", () => {
  let findEngine: (typeof EngineTool)["findEngine"];
  let folder: string;
  let clean: () => Promise<void>;

  before(async () => ({ findEngine } = await importTool<typeof EngineTool>("engine/engine.mjs")));
  beforeEach(async () => {
    const temporary = await temporaryFolder("engine");
    ({ folder } = temporary);
    const restore = withEnvironment({
      ENDOW_PULUMI: undefined,
      PATH: path.join(folder, "path"),
      PULUMI_HOME: path.join(folder, "home"),
      XDG_CACHE_HOME: path.join(folder, "cache"),
    });
    clean = async () => {
      restore();
      await temporary.remove();
    };
  });
  afterEach(() => clean());

  const program = async (file: string, prints: string): Promise<string> => {
    const command = path.join(folder, file);
    await mkdir(path.dirname(command), { recursive: true });
    await writeFile(command, `#!/bin/sh\necho '${prints}'\n`);
    await chmod(command, 0o755);
    return command;
  };
  const missing = async (...request: Parameters<typeof findEngine>): Promise<string> => {
    const found = await findEngine(...request);
    assert.ok("missing" in found, "an engine was found");
    return found.missing;
  };
  const command = async (...request: Parameters<typeof findEngine>): Promise<string> => {
    const found = await findEngine(...request);
    assert.ok("command" in found, "no engine was found");
    return found.command;
  };
  const way = (name: string, fill: Way["fill"]): Way => ({
    name,
    key: { source: "test", name, version: "3.259.0", executable: "bin/pulumi" },
    fill,
  });
  const writing = (name: string) =>
    way(name, async (into) => void (await program(path.relative(folder, path.join(into, "bin/pulumi")), "v3.259.0")));

  it("prefers PATH, then the newest that Pulumi's own tools have installed", async () => {
    await program("home/versions/3.249.0/bin/pulumi", "v3.249.0");
    const newer = await program("home/versions/3.250.0/bin/pulumi", "v3.250.0");
    assert.equal(await command(), newer);
    const installed = await program("home/bin/pulumi", "v3.251.0");
    assert.equal(await command(), installed);
    const onPath = await program("path/pulumi", "v3.252.0");
    assert.equal(await command(), onPath);
  });

  it("passes over one that is too old, prints no version or does not run", async () => {
    const good = await program("home/bin/pulumi", "v3.248.0");
    for (const [prints, reason] of [
      ["v3.247.9", /has version 3\.247\.9; 3\.x from 3\.248 on is required/],
      ["v4.0.0", /has version 4\.0\.0/],
      ["dev", /prints no version/],
    ] as const) {
      const bad = await program("path/pulumi", prints);
      assert.equal(await command(), good);
      process.env["ENDOW_PULUMI"] = bad;
      assert.match(await missing(), reason);
      delete process.env["ENDOW_PULUMI"];
    }
  });

  it("takes the one that ENDOW_PULUMI names, as a program or as a folder, and no other", async () => {
    await program("path/pulumi", "v3.259.0");
    const named = await program("own/bin/pulumi", "v3.250.1");
    for (const value of [named, path.join(folder, "own")]) {
      process.env["ENDOW_PULUMI"] = value;
      assert.deepEqual(await findEngine(), {
        command: named,
        root: path.join(folder, "own"),
        version: "3.250.1",
        source: "ENDOW_PULUMI",
        languageHost: false,
      });
    }
    process.env["ENDOW_PULUMI"] = path.join(folder, "nothing");
    assert.match(await missing({ install: true }), /^ENDOW_PULUMI: there is no .*nothing$/);
  });

  it("says whether it can run programs of Node by itself", async () => {
    await program("path/pulumi", "v3.259.0");
    await program("path/pulumi-language-nodejs", "");
    const found = await findEngine();
    assert.ok("command" in found && found.languageHost && found.root === undefined);
  });

  it("brings none unless told to", async () => {
    assert.match(await missing({}, [writing("a")]), /run `node tools\/engine\.mjs` to install one/);
    assert.ok(!existsSync(path.join(folder, "cache")));
  });

  it("installs one the first way that works, and finds it from then on", async () => {
    const fails = way("b", () => Promise.reject(new Error("the network is down")));
    const brought = await command({ install: true }, [fails, writing("a")]);
    assert.equal(brought, path.join(folder, "cache/endow/test/a@3.259.0/bin/pulumi"));
    assert.equal(await command({}, [writing("a")]), brought);
  });

  it("tells each reason and what would help where no way works, and leaves nothing half-made", async () => {
    const fails = way("a", async (into) => {
      await writeFile(path.join(into, "half"), "");
      throw new Error("the network is down");
    });
    const broken = way("b", async (into) => {
      await program(path.relative(folder, path.join(into, "bin/pulumi")), "dev");
    });
    const text = await missing({ install: true }, [fails, broken]);
    assert.match(text, /- a: the network is down\n.*- b: .*prints no version\n.*install it as described on https:/s);
    assert.deepEqual(await readdir(path.join(folder, "cache/endow/test")), []);
  });

  it("replaces a broken one in the cache", async () => {
    const brought = await command({ install: true }, [writing("a")]);
    await writeFile(brought, "#!/bin/sh\nexit 1\n");
    assert.match(await missing({}, [writing("a")]), /does not run/);
    assert.equal(await command({ install: true }, [writing("a")]), brought);
  });

  it("brings it once for several runs at the same time", async () => {
    let fills = 0;
    const counting = way("a", async (into, request) => {
      fills += 1;
      await writing("a").fill(into, request);
    });
    const said: string[] = [];
    const request = { install: true, progress: (message: string) => void said.push(message) };
    const found = await Promise.all([1, 2, 3].map(() => command(request, [counting])));
    assert.equal(new Set(found).size, 1);
    assert.equal(fills, 1);
    assert.deepEqual(new Set(said), new Set(["another run is installing Pulumi: waiting for it"]));
  });
});
