import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import type { EnvironmentType } from "../environment";
import { fault } from "../errors";
import type { Plan } from "../plan";
import { endWithLanguageHost } from "./language-host";

/** What a stack must not change by accident: its resources would be made anew elsewhere, or lose their protection. */
export interface Facts {
  readonly type: EnvironmentType;
  readonly target: string;
}

/** What a person has said that a stack may become, in its configuration. */
export type Meant = { readonly [F in keyof Facts]?: string | undefined };

/**
 * Keeps what an environment is for and where it runs in the state, and keeps a stack from leaving production or its target unless its configuration
 * says so: `pulumi config set endow:type test`, `pulumi config set endow:target aws`. The engine itself refuses, in a preview as well: an error
 * in the program could come after other resources have changed.
 *
 * @param name the component's
 * @param group the group's, which a stack has once
 * @returns the environment's name, once the engine has taken the facts: whatever is made takes it from here, so nothing is made or changed before
 */
export const confirmed = (
  name: string,
  group: string,
  { environment, target }: Plan,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> => {
  const config = new pulumi.Config("endow");
  const meant: Meant = { type: config.get("type"), target: config.get("target") };
  const facts: Facts = { type: environment.type, target };
  const stash = new pulumi.Stash(
    name,
    { input: facts },
    { ...opts, ...(takesHooks() && { hooks: { beforeUpdate: [hook(group, meant)] } }) },
  );
  return stash.input.apply(() => environment.name);
};

const hook = (group: string, meant: Meant): pulumi.ResourceHook => {
  endWithLanguageHost();
  return new pulumi.ResourceHook(
    `endow-facts-${group}`,
    ({ oldInputs, newInputs }) => refuse(oldInputs?.["input"] as Facts, newInputs?.["input"] as Facts, meant),
    { onDryRun: true },
  );
};

/** The mocks of a program's own tests take no hook. */
const takesHooks = (): boolean => {
  const monitor: unknown = getMonitor();
  return typeof monitor === "object" && monitor !== null && "registerResourceHook" in monitor;
};

/** @throws EndowError `TYPE_CHANGED`, `TARGET_CHANGED` */
export const refuse = (before: Facts, now: Facts, meant: Meant): void => {
  if (before.target !== now.target && meant.target !== now.target)
    throw changeRefused("target", now, `this stack runs on ${before.target}, and would be made anew on ${now.target}, without its data`);
  if (before.type === "production" && now.type !== "production" && meant.type !== now.type)
    throw changeRefused("type", now, `this stack is production, and would become a ${now.type} environment without its protection`);
};

const changeRefused = (fact: keyof Facts, now: Facts, message: string) =>
  fault(
    `${fact.toUpperCase()}_CHANGED`,
    `${message}, so nothing was done`,
    `undo the change, deploy another stack, or say that it is meant: pulumi config set endow:${fact} ${now[fact]}`,
    fact,
  );
