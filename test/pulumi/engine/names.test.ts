import assert from "node:assert/strict";
import { engine } from "../../support/engine";
import { valuesIn } from "../../support/faults";
import { sql } from "../../support/postgres-server";
import { withProject } from "../../support/project";
import { registerSecret } from "../../support/secrets";
import { MANIFESTS, stateOf } from "./shop";

const FILES = {
  ...MANIFESTS,
  "settings.js": `
    const { keyPair, postgresUrl, secret, setting, settings } = require("endow");
    const { z } = require("zod");
    const parts = { host: "DB_HOST", port: "DB_PORT" };
    exports.shared = settings("shared", {
      main: postgresUrl({
        variables: { url: false, ...parts, username: "DB_USER", password: "DB_PASS", database: ["DB_NAME", "PGDATABASE"] },
        derive: { JDBC_URL: "jdbc:postgresql://{host}:{port}/{database}?user={username}&password={password}" },
      }),
      reports: postgresUrl({ variables: parts }),
      direct: postgresUrl({ fallback: "main", scheme: "postgresql+psycopg" }),
      session: secret({ generate: { bytes: 32, as: "hex" } }),
      jwt: keyPair({ type: "ed25519" }),
      origins: setting(z.array(z.string()).default(["a", "b"]), { separator: "," }),
    });`,
  "index.js": `
    const { local, SettingsGroup } = require("endow/pulumi");
    const { shared } = require("./settings");
    new SettingsGroup("shared", { group: shared, target: local() });`,
};

describe("an app's own names, through a stack", () => {
  before(async function () {
    await engine(this);
  });

  it("have the values of the stack's resources, in every form, and no change the second time", async () => {
    await withProject(FILES, async (project) => {
      await project.pulumi(["up", "--yes", "--skip-preview"]);
      const { DB_HOST = "", DB_PORT = "", DB_USER = "", DB_PASS = "", DB_NAME = "", ...others } = valuesIn(stateOf(project));
      const { PGDATABASE, JDBC_URL, DIRECT, REPORTS, SESSION, JWT_PUBLIC_KEY, ORIGINS } = others;
      const secrets = [DB_PASS, SESSION ?? ""].map(registerSecret);
      const url = `postgresql://${DB_USER}:${DB_PASS}@${DB_HOST}:${DB_PORT}/${DB_NAME}`;
      const login = { port: Number(DB_PORT), username: DB_USER, password: DB_PASS, database: DB_NAME };
      assert.deepEqual(await sql(login, "select current_database() as name"), [{ name: DB_NAME }]);
      assert.equal(DIRECT, url.replace("postgresql:", "postgresql+psycopg:"));
      assert.equal(JDBC_URL, `jdbc:postgresql://${DB_HOST}:${DB_PORT}/${DB_NAME}?user=${DB_USER}&password=${DB_PASS}`);
      assert.equal(PGDATABASE, DB_NAME);
      assert.match(REPORTS ?? "", new RegExp(`^postgresql://.+@${DB_HOST}:${DB_PORT}/shared_reports$`));
      assert.match(SESSION ?? "", /^[0-9a-f]{64}$/);
      assert.match(JWT_PUBLIC_KEY ?? "", /^-----BEGIN PUBLIC KEY-----/);
      assert.equal(ORIGINS, "a,b");
      await project.pulumi(["preview", "--expect-no-changes"]);
      project.assertNoSecret(secrets, project.output());
      await project.pulumi(["destroy", "--yes", "--skip-preview"]);
      await project.assertNothingRuns();
    });
  });
});
