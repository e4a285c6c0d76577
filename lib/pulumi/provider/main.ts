#!/usr/bin/env node
import path from "node:path";
import { codeOf } from "../../errors";
import { assertTrustedPlugin } from "../../internal/plugin";
import { version } from "../../internal/version";
import { endWithEngine } from "./lifetime";
import { serve } from "./serve";

/** Pulumi's engine starts this program, reads the port from its output, and calls it there. */
const main = async (): Promise<void> => {
  const folder = path.dirname(__dirname);
  // What npm installed is as open to others as the program that the user runs from it.
  if (path.basename(folder).startsWith("resource-endow-local-")) assertTrustedPlugin(folder);
  const { port, end } = await serve({
    version: version(),
    handlers: async () => (await import("./handlers/index.js")).byType,
    schema: async () => (await import("./schema.js")).packageSchema(version()),
  });
  endWithEngine(end);
  console.log(port);
};

const fail = (error: unknown): never => {
  console.error(codeOf(error) === "NOT_TRUSTED" && error instanceof Error ? error.message : error);
  process.exit(1);
};

main().catch(fail);
