import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { bun } from "../../../lib/workspace/dotenv/bun";
import { npmPackages } from "../../support/npm-packages";
import { temporary } from "../temporary";
import { DOCUMENTS, ENVIRONMENT, named, random, read } from "./documents";

const FILES = [".env.development.local", ".env.local", ".env.development", ".env"];

describe("dotenv files are read as bun reads them", () => {
  it("in each of the four files", async function () {
    this.timeout(300_000);
    const folder = await npmPackages({ "@oven/bun-linux-x64": "1.4.5" });
    if (folder === undefined) return this.skip();
    const place = temporary();
    try {
      const print =
        "for (const name of ['A','B','C','A_1','A-B','A.B']) process.stdout.write(JSON.stringify([name, process.env[name] ?? null]) + '\\n')";
      place.write("print.js", print);
      for (const documents of [...DOCUMENTS, ...random(250)]) {
        const files = Object.fromEntries(FILES.map((name, index) => [name, Object.values(documents)[index] ?? ""]));
        for (const [name, text] of Object.entries(files)) place.write(name, text);
        const program = path.join(folder, "node_modules/@oven/bun-linux-x64/bin/bun");
        const { stdout, stderr } = spawnSync(program, ["print.js"], { cwd: place.folder, env: { ...ENVIRONMENT }, encoding: "utf8" });
        assert.notEqual(stdout, "", stderr);
        const real: Readonly<Record<string, string | null>> = Object.fromEntries(
          stdout
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as [string, string | null]),
        );
        const own = Object.entries(read(bun, files, ENVIRONMENT)).filter(([name]) => Object.hasOwn(real, name));
        assert.deepEqual(Object.fromEntries(own), named(real), JSON.stringify(files));
      }
    } finally {
      place.remove();
    }
  });
});
