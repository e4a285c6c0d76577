import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { compose } from "../../../lib/workspace/dotenv/compose";
import { skipUnless, skipWithout } from "../../support/prerequisite";
import { DOCUMENTS, ENVIRONMENT, random, read } from "./documents";

/** Reads each text with compose's own parser. A text that it refuses gives `null`. */
const PROGRAM = `package main

import (
	"encoding/json"
	"os"

	"github.com/compose-spec/compose-go/v2/dotenv"
)

func main() {
	var input struct {
		Texts []string
		Env   map[string]string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil {
		panic(err)
	}
	output := make([]map[string]string, 0, len(input.Texts))
	for _, text := range input.Texts {
		values, err := dotenv.UnmarshalWithLookup(text, func(name string) (string, bool) {
			value, ok := input.Env[name]
			return value, ok
		})
		if err != nil {
			values = nil
		}
		output = append(output, values)
	}
	json.NewEncoder(os.Stdout).Encode(output)
}
`;

describe("dotenv files are read as docker compose reads them", () => {
  it("as far as endow reads them", async function () {
    this.timeout(300_000);
    await skipWithout(this, "go");
    const folder = mkdtempSync(path.join(tmpdir(), "endow-compose-"));
    try {
      writeFileSync(path.join(folder, "main.go"), PROGRAM);
      const go = (parameters: readonly string[], input = "") =>
        spawnSync("go", parameters, { cwd: folder, input, encoding: "utf8", maxBuffer: 1e9, env: { ...process.env, GOFLAGS: "-mod=mod" } });
      const [, fetched] = [go(["mod", "init", "reader"]), go(["get", "github.com/compose-spec/compose-go/v2/dotenv@v2.16.2"])];
      skipUnless(this, fetched?.status === 0, `compose-go cannot be fetched: ${fetched?.stderr.trim().split("\n").at(-1) ?? ""}`);
      const texts = [...DOCUMENTS, ...random(1500)].map((files) => Object.values(files)[0] ?? "");
      const { stdout, stderr } = go(["run", "."], JSON.stringify({ Texts: texts, Env: ENVIRONMENT }));
      assert.notEqual(stdout, "", stderr);
      const all = JSON.parse(stdout) as readonly (Readonly<Record<string, string>> | null)[];
      let count = 0;
      for (const [index, real] of all.entries())
        for (const [name, value] of real ? Object.entries(read(compose, { ".env": texts[index] ?? "" }, ENVIRONMENT)) : []) {
          assert.equal(value, real?.[name], `${name} in ${JSON.stringify(texts[index])}`);
          count += 1;
        }
      assert.ok(count > 300, `${count}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
