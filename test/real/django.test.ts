import assert from "node:assert/strict";
import { makeApp, pythonPackages, type RealApp } from "./support";

const files = {
  "settings.ts": `import { postgresUrl, settings } from "endow";
export const site = settings("site", {
  database: postgresUrl({
    variables: { url: false, host: "DB_HOST", port: "DB_PORT", username: "DB_USER", password: "DB_PASSWORD", database: "DB_NAME" },
  }),
});
`,
  "manage.py": `import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
execute_from_command_line(sys.argv)
`,
  "site_settings.py": `import os

SECRET_KEY = "only for this app's own test"
USE_TZ = True
INSTALLED_APPS = ["notes"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["DB_HOST"],
        "PORT": os.environ["DB_PORT"],
        "USER": os.environ["DB_USER"],
        "PASSWORD": os.environ["DB_PASSWORD"],
        "NAME": os.environ["DB_NAME"],
    }
}
`,
  "notes/__init__.py": "",
  "notes/migrations/__init__.py": "",
  "notes/models.py": `from django.db import models


class Note(models.Model):
    text = models.CharField(max_length=100)
`,
  "notes/tests.py": `from django.db import connection
from django.test import TestCase

from notes.models import Note


class NoteTest(TestCase):
    def test_note_in_a_database_of_its_own(self):
        self.assertTrue(connection.settings_dict["NAME"].startswith("test_"))
        Note.objects.create(text="only in the test")
        self.assertEqual(Note.objects.count(), 1)
`,
};

describe("Django", () => {
  let app: RealApp | undefined;
  let python = "";

  before(async function () {
    python = await pythonPackages(this);
    app = makeApp(files);
  });
  after(() => app?.clean());

  it("migrates, and makes and drops its own test database, with the variables of its settings apart", async () => {
    assert.ok(app);
    const manage = (...args: readonly string[]) => app?.dev([python, "manage.py", ...args]) ?? assert.fail();
    await manage("makemigrations", "notes");
    assert.match(await manage("migrate"), /Applying notes\.0001_initial\.\.\. OK/);
    assert.match(await manage("test"), /Ran 1 test in[^]*Destroying test database/);
    assert.match(await manage("shell", "-c", "from notes.models import Note; print('notes', Note.objects.count())"), /notes 0/);
  });
});
