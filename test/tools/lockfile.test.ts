import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

interface Lockfile {
  readonly packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>;
}

describe("package-lock.json", () => {
  const { packages } = JSON.parse(readFileSync(path.join(__dirname, "../../../package-lock.json"), "utf8")) as Lockfile;

  it("names no registry, so that each machine's own is asked", () => {
    assert.deepEqual(
      Object.entries(packages).filter(([, { resolved }]) => resolved?.includes("://")),
      [],
    );
  });

  it("has the binaries for every system, without which `npm ci` refuses it", () => {
    const wanted = Object.values(packages).flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}));
    const present = new Set(Object.keys(packages).map((folder) => folder.split("node_modules/").at(-1)));
    assert.deepEqual(
      wanted.filter((name) => !present.has(name)),
      [],
    );
  });
});
