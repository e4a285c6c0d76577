import assert from "node:assert/strict";

/** What every program of these tests does with the package, however it came by it. */
const DECLARATION = `
const shared = endow.settings("shared", {
  databaseUrl: endow.postgresUrl(),
  uploads: endow.bucket(),
  token: endow.secret(z.string().min(4)),
  apiKeys: endow.apiKeys().optional(),
  port: z.number().default(8000),
  site: z.url(),
}, { requiredWhen: { apiKeys: { port: 1 } } });
`;

const LOADING = `
const main = async () => {
  const config = await load(shared);
  const error = await load(shared, { env: { TOKEN: "qzjw-xkvv", PORT: "1", SITE: "qzjw" } }).catch((error) => error);
  console.log(JSON.stringify({
    database: config.databaseUrl.database,
    password: config.databaseUrl.password.reveal(),
    bucket: config.uploads.clientOptions().credentials.secretAccessKey,
    token: config.token.reveal(),
    namespace: config.apiKeys.match("k3y"),
    port: config.port,
    printed: [JSON.stringify(config), String(config.token), inspect(config, { depth: null, showHidden: true })].join(),
    sync: loadSync(shared).token.reveal(),
    code: error.code,
    problems: error.problems.map(({ code, path }) => code + " " + path),
    told: [error.message, JSON.stringify(error), inspect(error, { depth: null })].join(),
  }));
};
main();
`;

/** A module that declares the settings and exports them. @param zod the module from which it imports zod 4 */
export const declaring = (format: "esm" | "cjs", zod = "zod"): string =>
  format === "esm"
    ? `import * as endow from "endow";\nimport { z } from "${zod}";\n${DECLARATION}\nexport { shared };`
    : `const endow = require("endow");\nconst { z } = require("${zod}");\n${DECLARATION}\nmodule.exports = { shared };`;

/** A program that loads the settings which another module declares. */
export const loading = (format: "esm" | "cjs", declaration: string): string =>
  format === "esm"
    ? `import { inspect } from "node:util";\nimport { load, loadSync } from "endow";\nimport { shared } from "${declaration}";\n${LOADING}`
    : `const { inspect } = require("node:util");\nconst { load, loadSync } = require("endow");\nconst { shared } = require("${declaration}");\n${LOADING}`;

export const env = {
  DATABASE_URL: "postgresql://app:hUnTeR2@db/shop",
  UPLOADS_BUCKET: "shop-uploads",
  UPLOADS_REGION: "eu-west-1",
  UPLOADS_ACCESS_KEY_ID: "id",
  UPLOADS_SECRET_ACCESS_KEY: "hUnTeR2",
  TOKEN: "hUnTeR2",
  API_KEYS: "k3y:web",
  SITE: "https://shop.example",
};

/** What the program prints, its texts apart. */
const expected = {
  database: "shop",
  password: "hUnTeR2",
  bucket: "hUnTeR2",
  token: "hUnTeR2",
  namespace: "web",
  port: 8000,
  sync: "hUnTeR2",
  code: "SETTINGS_INVALID",
  problems: ["SETTING_INVALID SITE", "SETTING_MISSING DATABASE_URL", "SETTING_MISSING UPLOADS_BUCKET", "SETTING_MISSING API_KEYS"],
};

/** Asserts that the program, given `env`, printed the values and what is wrong, and no secret. */
export const assertLoads = (printed: string): void => {
  const { printed: values, told, ...rest } = JSON.parse(printed) as typeof expected & { readonly printed: string; readonly told: string };
  assert.deepEqual(rest, expected);
  assert.ok(values.includes("***") && !values.includes("hUnTeR2"), "secrets stay hidden");
  assert.doesNotMatch(told, /qzjw|xkvv/);
};
