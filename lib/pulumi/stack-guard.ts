import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentType } from "../environment";
import { fault, type EndowError } from "../errors";
import { ownValue } from "../internal/own-value";
import { checkOf, takesHooks } from "./hooks";

/** Facts that a stack must not change by accident: its resources would be recreated elsewhere, or lose their protection or their data. */
export interface StackFacts {
  readonly type: EnvironmentType;
  readonly target: string;
  /** Form of each server, where the target offers a choice, by server name. */
  readonly servers: Readonly<Record<string, string>>;
  /** Server of each setting, by setting id. */
  readonly settings: Readonly<Record<string, string>>;
  /** Former ids or names, by setting id or server name. */
  readonly formerly: Readonly<Record<string, readonly string[]>>;
}

/** Changes that the user has confirmed in the stack's configuration. */
export interface Confirmed {
  readonly type?: string | undefined;
  readonly target?: string | undefined;
  /** Comma-separated ids of settings that may leave their server, and names of servers that may be replaced by another form. */
  readonly replace?: string | undefined;
}

export interface GuardRequest {
  /** The component's name. */
  readonly name: string;
  /** The group's name, unique in a stack. */
  readonly group: string;
  readonly facts: StackFacts;
  /** Pending account checks, which the guard waits for. */
  readonly preflight: Promise<pulumi.Resource[]> | undefined;
  readonly opts: pulumi.CustomResourceOptions;
}

/**
 * Records an environment's type, target and servers in the state. Keeps a stack from leaving production, its target, or the servers of its settings
 * unless its configuration confirms it: `pulumi config set endow:type test`. A hook makes Pulumi itself refuse, in a preview as well: an error thrown
 * in the program could come after other resources have changed. All other resources depend on this one, so nothing is created or changed before it.
 */
export const guardOf = ({ name, group, facts, preflight, opts }: GuardRequest): pulumi.Resource => {
  const config = new pulumi.Config("endow");
  const confirmed: Confirmed = { type: config.get("type"), target: config.get("target"), replace: config.get("replace") };
  const check: pulumi.ResourceHookFunction = ({ oldInputs, newInputs }) =>
    refuseChange(oldInputs?.["input"] as StackFacts, newInputs?.["input"] as StackFacts, confirmed);
  return new pulumi.Stash(
    name,
    { input: facts },
    {
      ...opts,
      ...(preflight && { dependsOn: preflight }),
      ...(takesHooks() && { hooks: { beforeUpdate: [checkOf(`endow-facts-${group}`, check)] } }),
    },
  );
};

/**
 * A component's outputs, which resolve after its guards: a refused change leaves them unchanged in the state.
 *
 * @param guards of the component's groups
 */
export const outputsBehind = <T extends object>(guards: readonly pulumi.Resource[], outputs: T): pulumi.Output<pulumi.Unwrap<T>> =>
  pulumi.all(guards.map(({ urn }) => urn)).apply(() => pulumi.output(outputs));

/** @throws EndowError `TYPE_CHANGED`, `TARGET_CHANGED`, `SERVER_MOVED`, `SERVER_CHANGED` */
export const refuseChange = (before: StackFacts, now: StackFacts, confirmed: Confirmed): void => {
  if (before.target !== now.target && confirmed.target !== now.target)
    throw changeRefused(
      "target",
      now.target,
      `this stack runs on ${before.target}, and its resources would be recreated on ${now.target} without their data`,
    );
  if (before.type === "production" && now.type !== "production" && confirmed.type !== now.type)
    throw changeRefused("type", now.type, `this stack is production, and would become a ${now.type} environment and lose its protection`);
  const replaceable = new Set((confirmed.replace ?? "").split(",").map((part) => part.trim()));
  const namesOf = (name: string) => [name, ...(ownValue(now.formerly, name) ?? [])];
  for (const [id, server] of Object.entries(now.settings)) {
    const former = factOf(before.settings, namesOf(id));
    if (former !== undefined && !namesOf(server).includes(former) && !replaceable.has(id)) throw moved(id, former, server);
  }
  for (const [server, made] of Object.entries(now.servers)) {
    const former = factOf(before.servers, namesOf(server));
    if (former !== undefined && former !== made && !replaceable.has(server)) throw remade(server, former, made);
  }
};

/** Tolerates missing facts: an older version of this package may have deployed the stack without them. */
const factOf = (facts: Readonly<Record<string, string>> | undefined, names: readonly string[]): string | undefined =>
  names.map((name) => ownValue(facts ?? {}, name)).find((fact) => fact !== undefined);

const changeRefused = (fact: "target" | "type", now: string, message: string): EndowError =>
  fault(
    `${fact.toUpperCase()}_CHANGED`,
    `${message}, so nothing was changed`,
    `undo the change, deploy another stack, or confirm with \`pulumi config set endow:${fact} ${now}\``,
    fact,
  );

const moved = (id: string, before: string, now: string): EndowError =>
  fault(
    "SERVER_MOVED",
    `"${id}" is on the server ${before}, and would start empty on ${now}, so nothing was changed`,
    `undo the change; if it was only renamed, add its former id: server: { id, formerly }; or run \`pulumi config set endow:replace ${id}\``,
    id,
  );

const remade = (server: string, before: string, now: string): EndowError =>
  fault(
    "SERVER_CHANGED",
    `the server ${server} runs as ${before}, and would be recreated as ${now} without its data, so nothing was changed`,
    `undo the change, declare a second server, or confirm with \`pulumi config set endow:replace ${server}\``,
    server,
  );
