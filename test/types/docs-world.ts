import { Config as StackConfig, output } from "@pulumi/pulumi";
import { postgresUrl, redisUrl, settings } from "../../lib";

/** Names that code blocks in the docs can use without an import: everything importable, and the exports below. */
export * from "../../lib";
export * from "../../lib/pulumi";
export * as pulumi from "@pulumi/pulumi";
export { z } from "zod";

export const shared = settings("shared", { databaseUrl: postgresUrl({ version: "17" }), redisUrl: redisUrl() });
export const billing = settings("billing", { ledgerUrl: postgresUrl() });

/** A database from another package, created or looked up. */
export const db = {
  address: output("db.internal"),
  port: output(5432),
  name: output("shop"),
  user: output("shop"),
};
export const config = new StackConfig();
