import path from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import type * as EngineTool from "../../tools/engine/engine.mjs";
import { skipUnless } from "./prerequisite";
import { importTool } from "./tools";

/** The Pulumi CLI of this machine; skips the running test, or from `before` the whole suite, if there is none. Only `npm test` installs one. */
export const engine = async (test: Mocha.Context): Promise<PulumiCommand> => {
  const found = await find();
  if ("missing" in found) skipUnless(test, false, found.missing);
  return pulumi();
};

/** Like `engine`, after a test has checked that there is one. */
export const pulumi = (): Promise<PulumiCommand> => (asked ??= ask());

let asked: Promise<PulumiCommand> | undefined;

const ask = async (): Promise<PulumiCommand> => {
  const found = await find();
  if ("missing" in found) throw new Error(`call engine(this) first: ${found.missing}`);
  if (found.root !== undefined) return PulumiCommand.get({ root: found.root });
  // The Automation API accepts a folder with `bin/pulumi` in it, or uses the first match on PATH.
  process.env["PATH"] = [path.dirname(found.command), process.env["PATH"]].join(path.delimiter);
  return PulumiCommand.get();
};

/** Whether the CLI can run Node programs without test/support/language-host. */
export const hasLanguageHost = async (): Promise<boolean> => {
  const found = await find();
  return "languageHost" in found && found.languageHost;
};

let searched: ReturnType<(typeof EngineTool)["findEngine"]> | undefined;

const find = () => (searched ??= importTool<typeof EngineTool>("engine/engine.mjs").then(({ findEngine }) => findEngine()));
