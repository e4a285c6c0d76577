import { readdirSync } from "node:fs";
import path from "node:path";
import { load, type PostgresConnection, postgresUrl, settings } from "../../../lib/index";
import { valuesIn } from "../../support/faults";
import type { TestProject } from "../../support/project";
import { registerSecret } from "../../support/secrets";

/** Files of every test program besides `index.js` and `settings.js`. */
export const MANIFESTS = {
  "Pulumi.yaml": "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\n",
  "package.json": JSON.stringify({ name: "shop", main: "index.js", endow: { settings: "settings.js" } }),
};

/** The folder of all environments of a project. */
export const stateOf = ({ environment }: Pick<TestProject, "environment">): string => environment["XDG_STATE_HOME"] ?? "";

/** The folder of the environment `development`. */
export const environmentOf = (project: Pick<TestProject, "environment">): string => {
  const home = path.join(stateOf(project), "endow");
  const [app = ""] = readdirSync(home);
  return path.join(home, app, "development");
};

/** The database of the setting `shared.databaseUrl`, its password registered for the check of the whole run's output. */
export const databaseOf = async (project: Pick<TestProject, "environment">): Promise<PostgresConnection> => {
  const { DATABASE_URL } = valuesIn(stateOf(project));
  const { databaseUrl } = await load(settings("database", { databaseUrl: postgresUrl() }), { env: { DATABASE_URL } });
  registerSecret(databaseUrl.password.reveal());
  return databaseUrl;
};
