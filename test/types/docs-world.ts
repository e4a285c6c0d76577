import { Config as StackConfig, output } from "@pulumi/pulumi";
import { postgresUrl, redisUrl, settings } from "endow";

/** What a block of code in a page may use without saying where it comes from: everything that can be imported, and what is below. */
export * from "endow";
export * from "endow/pulumi";
export * as pulumi from "@pulumi/pulumi";
export { z } from "zod";

export const shared = settings("shared", { databaseUrl: postgresUrl({ version: "17" }), redisUrl: redisUrl() });
export const billing = settings("billing", { ledgerUrl: postgresUrl() });

/** A database that the program makes, or finds, by another package. */
export const db = {
  address: output("db.internal"),
  port: output(5432),
  name: output("shop"),
  user: output("shop"),
};
export const config = new StackConfig();
