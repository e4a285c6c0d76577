import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentType } from "../environment";
import { fault, type EndowError } from "../errors";
import { ownValue } from "../own-value";
import { checkOf, takesHooks } from "./hooks";

/** What a stack must not change by accident: its resources would be made again elsewhere, or lose their protection or their data. */
export interface StackFacts {
  readonly type: EnvironmentType;
  readonly target: string;
  /** By server: what it is made of, where there is a choice. */
  readonly servers: Readonly<Record<string, string>>;
  /** By the id of a setting: the server that it lives on. */
  readonly settings: Readonly<Record<string, string>>;
  /** By the id of a setting or the name of a server: those that it had before. */
  readonly formerly: Readonly<Record<string, readonly string[]>>;
}

/** What a person has said that a stack may become, in its configuration. */
export interface Confirmed {
  readonly type?: string | undefined;
  readonly target?: string | undefined;
  /** Ids of settings that may leave their server, and names of servers that may be made of something else. */
  readonly replace?: string | undefined;
}

export interface GuardRequest {
  /** The component's name. */
  readonly name: string;
  /** The group's name, which a stack has once. */
  readonly group: string;
  readonly facts: StackFacts;
  /** Whether the account can take the environment: the guard waits for it. */
  readonly preflight: Promise<pulumi.Resource[]> | undefined;
  readonly opts: pulumi.CustomResourceOptions;
}

/**
 * Keeps what an environment is for and where it runs in the state, and keeps a stack from leaving production, its target, or the servers of its settings
 * unless its configuration confirms it: `pulumi config set endow:type test`. Pulumi itself refuses, in a preview as well: an error in the program
 * could come after other resources have changed. Whatever is made depends on this resource, so nothing is made or changed before.
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
 * A component's outputs, once nothing has refused the stack: a change that is refused changes none of them in the state.
 *
 * @param guards those of the component's groups
 */
export const outputsBehind = <T extends object>(guards: readonly pulumi.Resource[], outputs: T): pulumi.Output<pulumi.Unwrap<T>> =>
  pulumi.all(guards.map(({ urn }) => urn)).apply(() => pulumi.output(outputs));

/** @throws EndowError `TYPE_CHANGED`, `TARGET_CHANGED`, `SERVER_MOVED`, `SERVER_CHANGED` */
export const refuseChange = (before: StackFacts, now: StackFacts, confirmed: Confirmed): void => {
  if (before.target !== now.target && confirmed.target !== now.target)
    throw changeRefused(
      "target",
      now.target,
      `this stack runs on ${before.target}, and its resources would be made again on ${now.target}, without their data`,
    );
  if (before.type === "production" && now.type !== "production" && confirmed.type !== now.type)
    throw changeRefused("type", now.type, `this stack is production, and would become a ${now.type} environment without its protection`);
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

/** A stack that an older version of this package has deployed may have kept no such facts. */
const factOf = (facts: Readonly<Record<string, string>> | undefined, names: readonly string[]): string | undefined =>
  names.map((name) => ownValue(facts ?? {}, name)).find((fact) => fact !== undefined);

const changeRefused = (fact: "target" | "type", now: string, message: string): EndowError =>
  fault(
    `${fact.toUpperCase()}_CHANGED`,
    `${message}, so nothing was done`,
    `undo the change, deploy another stack, or confirm with \`pulumi config set endow:${fact} ${now}\``,
    fact,
  );

const moved = (id: string, before: string, now: string): EndowError =>
  fault(
    "SERVER_MOVED",
    `"${id}" lives on the server ${before}, and would start empty on ${now}, so nothing was done`,
    `put the server back; where it was only renamed, name its former id: server: { id, formerly }; or confirm with \`pulumi config set endow:replace ${id}\``,
    id,
  );

const remade = (server: string, before: string, now: string): EndowError =>
  fault(
    "SERVER_CHANGED",
    `the server ${server} is made as ${before}, and would be made again as ${now}, without its data, so nothing was done`,
    `undo the change, ask for a second server, or confirm with \`pulumi config set endow:replace ${server}\``,
    server,
  );
