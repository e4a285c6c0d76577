import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import { endWithLanguageHost } from "./language-host";

/** A check of the engine's before it makes or changes a resource, in a preview as well. What it throws stops the whole deploy. */
export const checkOf = (name: string, check: pulumi.ResourceHookFunction): pulumi.ResourceHook => {
  endWithLanguageHost();
  return new pulumi.ResourceHook(name, check, { onDryRun: true });
};

/** The mocks of a program's own tests take no hook. */
export const takesHooks = (): boolean => {
  const monitor: unknown = getMonitor();
  return typeof monitor === "object" && monitor !== null && "registerResourceHook" in monitor;
};
