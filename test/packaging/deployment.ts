import assert from "node:assert/strict";

/** A Pulumi program that deploys to a mock of the engine, and prints what it registers. */
const PROGRAM = `
const main = async () => {
  const registered = [];
  const newResource = ({ type, name, inputs }) => {
    if (type.includes("endow")) registered.push(type + " " + name);
    const database = { host: "db", port: 5432, database: "shop", username: "app", password: "p", tls: { mode: "off" } };
    return { id: name, state: { ...inputs, ...database, output: inputs.input, address: "file:///values" } };
  };
  await pulumi.runtime.setMocks({ newResource, call: ({ inputs }) => inputs }, "shop", "development");
  const shared = settings("shared", { databaseUrl: postgresUrl({ version: "17" }), port: z.number().default(8000) });
  const target = ({ type }) => {
    if (type === "development") return local();
    throw new Error("asked for the cloud");
  };
  const shop = new Project("shop", { groups: [shared], target });
  const host = await new Promise((resolve) => shop.group(shared).outputs.databaseUrl.host.apply(resolve));
  const env = await new Promise((resolve) => shop.group(shared).env.apply(resolve));
  let refused;
  try { shop.group(settings("other", { mode: z.string() })); } catch (error) { refused = error.code; }
  console.log(JSON.stringify({ registered: registered.sort(), host, env, refused }));
};
main();
`;

/** As an ES module, to which `endow` is another copy than `endow/pulumi`, and as CommonJS. */
export const programs = {
  "program.mjs": `
    import * as pulumi from "@pulumi/pulumi";
    import { z } from "zod";
    import { postgresUrl, settings } from "endow";
    import { local, Project } from "endow/pulumi";
    ${PROGRAM}`,
  "program.cjs": `
    const pulumi = require("@pulumi/pulumi");
    const { z } = require("zod");
    const { postgresUrl, settings } = require("endow");
    const { local, Project } = require("endow/pulumi");
    ${PROGRAM}`,
} as const;

/** That the mock was asked for all that the declaration needs. */
export const assertDeployed = (printed: string): void => {
  const { registered, host, env, refused } = JSON.parse(printed) as Readonly<Record<string, unknown>>;
  assert.deepEqual(registered, [
    "endow-local:index:Lease shared.databaseUrl",
    "endow-local:index:Server postgres",
    "endow-local:index:Values shared",
    "endow:index:Project shop",
    "endow:index:SettingsGroup shared",
  ]);
  assert.equal(host, "db");
  assert.deepEqual(env, {
    DATABASE_URL: "postgresql://app:p@db:5432/shop",
    PORT: "8000",
    ENDOW_SHARED: "file:///values",
    ENDOW_ENVIRONMENT: "development",
  });
  assert.equal(refused, "GROUP_UNKNOWN");
};
