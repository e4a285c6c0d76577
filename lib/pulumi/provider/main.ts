#!/usr/bin/env node
import { version } from "../../internal/version";
import { endWithEngine } from "./lifetime";
import { serve } from "./serve";

/** Pulumi's engine starts this program, reads the port from its output, and calls it there. */
const main = async (): Promise<void> => {
  const { port, end } = await serve({
    version: version(),
    handlers: async () => (await import("./handlers/index.js")).byType,
    schema: async () => (await import("./schema.js")).packageSchema(version()),
  });
  endWithEngine(end);
  console.log(port);
};

void main();
