import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../lib/local/ports";
import { pythonWith } from "../support/python";
import { makeSandbox, repository, type Sandbox, valuesOf } from "./endow-dev";

const app = path.join(repository, "examples/unchanged-python");

describe("examples/unchanged-python", () => {
  let sandbox: Sandbox | undefined;
  let python: string | undefined;

  before(async function () {
    python = await pythonWith(readFileSync(path.join(app, "requirements.txt"), "utf8").trim().split("\n"));
    if (python === undefined) this.skip();
    sandbox = await makeSandbox(app);
  });

  after(() => sandbox?.clean());

  it("migrates, passes its own tests, and keeps a photo in its database and its bucket", async () => {
    assert.ok(sandbox && python);
    Object.assign(sandbox.env, { PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" });
    const manage = ["dev", "--cwd", app, "--", python, "manage.py"] as const;

    const migrated = await sandbox.endow(...manage, "migrate");
    assert.match(migrated.stdout, /Applying album\.0001_initial\.\.\. OK/, migrated.stderr);
    const tested = await sandbox.endow(...manage, "test");
    assert.match(tested.stderr, /Ran 2 tests in[^]*OK[^]*Destroying test database/);
    const checked = await sandbox.endow(...manage, "makemigrations", "--check");
    assert.equal(checked.code, 0, checked.stdout);

    const { line, stop } = await sandbox.start(/server at (http:\S+)\//, ...manage, "runserver", "--noreload", String(await freePort()));
    const url = `${line[1]}/photos`;
    const body = new FormData();
    body.set("title", "the harbour");
    body.set("file", new Blob(["the pixels"]), "harbour ü.jpg");
    const added = await fetch(url, { method: "POST", body });
    assert.deepEqual([added.status, await added.json()], [201, { id: 1, title: "the harbour" }]);
    assert.deepEqual(await (await fetch(url)).json(), { photos: [{ id: 1, title: "the harbour" }] });
    assert.equal(await (await fetch(`${url}/1`)).text(), "the pixels");
    await stop();

    const { DB_PASSWORD, ...values } = await valuesOf(sandbox, app, ["DB_PASSWORD", "S3_SECRET_KEY", "DJANGO_SECRET_KEY"]);
    assert.ok(DB_PASSWORD);
    assert.deepEqual([values["DB_HOST"], values["S3_BUCKET_NAME"], values["DATABASE_URL"]], ["127.0.0.1", "album-photos", undefined]);
  });
});
