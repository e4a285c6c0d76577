import assert from "node:assert/strict";
import { Client } from "pg";
import { engine } from "../support/engine";
import { withProject } from "../support/project";
import { registerSecret } from "../support/secrets";
import { filesOf, takeDown } from "./example";

interface State {
  readonly deployment: { readonly resources: readonly { readonly urn: string; readonly outputs?: { readonly output?: unknown } }[] };
}

describe("examples/existing-program", () => {
  before(async function () {
    await engine(this);
  });

  it("asks for what only a person has, and then feeds the program's own dashboard", () =>
    withProject(filesOf("existing-program"), async (project) => {
      await assert.rejects(
        project.pulumi(["up", "--yes", "--skip-preview"]),
        /TAX_API_KEY must be configured\s+fix: pulumi config set --secret TAX_API_KEY/,
      );
      const key = registerSecret("key of the tax office 0815");
      await project.pulumi(["config", "set", "--secret", "TAX_API_KEY", key]);
      await project.pulumi(["up", "--yes", "--skip-preview"]);

      const shown = await project.pulumi(["stack", "output", "env", "--json", "--show-secrets"], { reveals: true });
      const { LEDGER_URL = "", TAX_API_KEY } = JSON.parse(shown) as Record<string, string>;
      registerSecret(LEDGER_URL);
      assert.equal(TAX_API_KEY, key);
      const { host, pathname, password } = new URL(LEDGER_URL);
      const { deployment } = JSON.parse(await project.pulumi(["stack", "export"])) as State;
      const panel = deployment.resources.find(({ urn }) => urn.endsWith("acme:index:Dashboard$pulumi:index:Stash::billing-invoices"));
      assert.deepEqual(panel?.outputs?.output, { owner: "payments", title: "Invoices of today", source: `${host}${pathname}` });
      await answers(LEDGER_URL);

      await project.pulumi(["preview", "--expect-no-changes"]);
      project.assertNoSecret([key, password], project.output());
      await takeDown(project);
    }));
});

const answers = async (connectionString: string): Promise<void> => {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query("select current_user <> 'postgres' as own");
  await client.end();
  assert.deepEqual(rows, [{ own: true }]);
};
