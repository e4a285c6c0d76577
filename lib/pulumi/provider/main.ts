#!/usr/bin/env node
import path from "node:path";
import { codeOf } from "../../errors";
import { assertTrustedPlugin } from "../../internal/plugin";
import { version } from "../../internal/version";
import { endWithEngine } from "./lifetime";
import { serve } from "./serve";

/** Entry point: Pulumi's engine starts this program, reads the port from its output, and connects to it. */
const main = async (): Promise<void> => {
  const folder = path.dirname(__dirname);
  // Only the installed plugin is checked. A copy in node_modules is as trusted as the program that the user runs from there.
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
