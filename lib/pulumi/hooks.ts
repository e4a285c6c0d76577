import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import { endWithLanguageHost } from "./language-host";

/** Creates a hook that the engine runs before it creates or changes a resource, in a preview as well. An error from it stops the whole deploy. */
export const checkOf = (name: string, check: pulumi.ResourceHookFunction): pulumi.ResourceHook => {
  endWithLanguageHost();
  return new pulumi.ResourceHook(name, check, { onDryRun: true });
};

/** Whether the monitor supports hooks. Pulumi's mocks for unit tests do not. */
export const takesHooks = (): boolean => {
  const monitor: unknown = getMonitor();
  return typeof monitor === "object" && monitor !== null && "registerResourceHook" in monitor;
};
