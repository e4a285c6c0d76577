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

const PRINTING = `
const main = async () => {
  const config = await load(shared);
  const secret = config.token;
  const own = globalThis.Deno?.inspect ?? globalThis.Bun?.inspect ?? inspect;
  console.log("String:", "" + secret);
  console.log("JSON:", JSON.stringify(secret));
  console.log("inspect:", inspect(secret));
  console.log("own:", own(secret));
  console.log("console.log:", secret);
  // Not in this source, whose lines bun shows with an error.
  const text = secret.reveal();
  const object = new Secret({ id: text, inner: new Secret(text) });
  for (const value of [config, ...Object.values(config), object, new Secret([text])]) {
    const ways = [
      () => \`\${value}\`,
      () => [value].join(),
      () => JSON.stringify({ a: [value] }),
      () => Object.getOwnPropertyDescriptors(value),
      () => structuredClone(value),
      () => ({ ...value }),
      () => Object.entries(value),
      () => inspect(value, { depth: null, showHidden: true, getters: true, showProxy: true }),
      () => inspect({ a: new Map([["value", new Set([value])]]) }, { depth: null, customInspect: false }),
      () => own(value, { depth: 100, showHidden: true, getters: true, showProxy: true, sorted: true }),
      () => own({ a: [value] }, { depth: 100 }),
      () => globalThis.Bun?.inspect.table([{ value }, value]),
      () => new Error("cause", { cause: value }),
      () => Object.assign(new Error("property"), { value }),
      () => new AggregateError([value], "several"),
      () => new Error("message " + value),
      () => { throw value; },
    ];
    for (const way of ways) {
      let found;
      try { found = way(); } catch (error) { found = error; }
      console.log(found);
      console.error(found);
      console.log({ deep: [{ found }] });
    }
    for (const method of ["log", "info", "warn", "error", "debug", "trace"]) console[method]("%s %o %O %j %d %i %f %c", value, value, value, value, value, value, value, value, value);
    console.dir(value, { depth: null, showHidden: true });
    console.dirxml(value);
    console.table([value, { value }]);
    console.assert(false, value);
    console.group(value);
    console.groupEnd();
  }
  console.log("all is printed");
};
main();
`;

const FAILING = `
load(shared);
`;

/** A module that declares the settings and exports them. @param zod the module from which it imports zod 4 */
export const declaring = (format: Format, zod = "zod"): string =>
  format === "esm"
    ? `import * as endow from "endow";\nimport { z } from "${zod}";\n${DECLARATION}\nexport { shared };`
    : `const endow = require("endow");\nconst { z } = require("${zod}");\n${DECLARATION}\nmodule.exports = { shared };`;

type Format = "esm" | "cjs";

const programOf =
  (body: string) =>
  (format: Format, declaration: string): string =>
    format === "esm"
      ? `import { inspect } from "node:util";\nimport { load, loadSync, Secret } from "endow";\nimport { shared } from "${declaration}";\n${body}`
      : `const { inspect } = require("node:util");\nconst { load, loadSync, Secret } = require("endow");\nconst { shared } = require("${declaration}");\n${body}`;

/** A program that loads the settings which another module declares. */
export const loading = programOf(LOADING);

/** A program that prints each value in every way that its runtime has. */
export const printing = programOf(PRINTING);

/** A program that does not handle the error of values that are wrong. */
export const failing = programOf(FAILING);

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
