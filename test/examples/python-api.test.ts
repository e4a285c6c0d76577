import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pythonWith } from "../support/python";
import { makeSandbox, repository, type Sandbox, valuesOf } from "./endow-dev";

const app = path.join(repository, "examples/python-api");

describe("examples/python-api", () => {
  let sandbox: Sandbox | undefined;
  let python: string | undefined;

  before(async function () {
    python = await pythonWith(readFileSync(path.join(app, "requirements.txt"), "utf8").trim().split("\n"));
    if (python === undefined) this.skip();
    sandbox = await makeSandbox(app);
  });

  after(() => sandbox?.clean());

  it("writes a row and reads it after a restart, from plain environment variables", async () => {
    assert.ok(sandbox && python);
    sandbox.env["PYTHONDONTWRITEBYTECODE"] = "1";
    const command = ["dev", "--cwd", app, "--", python, "-m", "uvicorn", "main:app", "--port", "0"];
    const started = /running on (http:\S+)/;

    const first = await sandbox.start(started, ...command);
    const text = `written at ${new Date().toISOString()}`;
    const body = JSON.stringify({ text });
    const added = await fetch(`${first.line[1]}/notes`, { method: "POST", headers: { "content-type": "application/json" }, body });
    assert.equal(added.status, 201, await added.clone().text());
    const visits = await fetch(`${first.line[1]}/visits`, { method: "POST" });
    assert.ok([1, null].includes(((await visits.json()) as { visits: number | null }).visits));
    await first.stop();

    const second = await sandbox.start(started, ...command);
    const notes = (await (await fetch(`${second.line[1]}/notes`)).json()) as { text: string }[];
    const { stderr } = await second.stop();
    assert.deepEqual(
      notes.map((note) => note.text),
      [text],
    );
    assert.match(stderr, /nothing changed/);
    const { DATABASE_URL = "" } = await valuesOf(sandbox, app, ["DATABASE_URL"]);
    assert.match(DATABASE_URL, /^postgresql\+asyncpg:/);
  });
});
