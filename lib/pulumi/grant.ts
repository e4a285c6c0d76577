import type { Resource } from "@pulumi/pulumi";
import type { Access } from "../contract/platform";
import type { Delivery } from "../contract/target";
import { fault } from "../errors";
import type { Deployment } from "./deployment";
import { makerFor, type Children } from "./maker";
import { grantsTo, type Grants } from "./stack-registry";

export interface ConsumerRequest {
  /** Unique in the stack. */
  readonly name: string;
  readonly consumer: object;
  readonly reads: readonly Delivery[];
  readonly deployment: Deployment;
  readonly children: Children;
}

/**
 * Grants a consumer read access to groups. The target gets all new permissions in one call; earlier ones are not repeated.
 *
 * @returns all grants of the consumer so far, which it must depend on
 * @throws EndowError `CONSUMER_TWICE`
 */
export const grantOf = ({ name, consumer, reads, deployment: { target }, children }: ConsumerRequest): readonly Resource[] => {
  const grants = grantsTo(name, consumer);
  if (grants === undefined)
    throw fault("CONSUMER_TWICE", `another consumer in this stack is already named "${name}"`, "give each consumer a unique name", name);
  const access = reads.flatMap((read) => read.access(consumer)).filter((one) => isNew(one, grants));
  if (access.length > 0) {
    const needs = (when: Access["for"]) => access.filter((one) => one.for === when);
    const groups = reads.map(({ group }) => group).join("-");
    const make = makerFor(children, { part: "consumer", name: `${name}-${groups}`, of: name });
    grants.resources.push(...target.grant({ name, consumer, start: needs("start"), run: needs("run"), make }));
  }
  return [...grants.resources];
};

/** Each key is granted at most once for starting the consumer, and once for the running consumer. */
const isNew = (one: Access, { permissions }: Grants): boolean => {
  const permission = `${one.for} ${one.key}`;
  const isKnown = permissions.has(permission);
  permissions.add(permission);
  return !isKnown;
};
