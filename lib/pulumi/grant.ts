import type { Resource } from "@pulumi/pulumi";
import type { Access } from "../contract/platform";
import type { Delivery } from "../contract/target";
import { fault } from "../errors";
import type { Deployment } from "./deployment";
import { makerFor, type Children } from "./maker";
import { notYetGranted } from "./stack-registry";

export interface ConsumerRequest {
  /** Unique in the stack. */
  readonly name: string;
  readonly consumer: object;
  readonly reads: readonly Delivery[];
  readonly deployment: Deployment;
  readonly children: Children;
}

/**
 * Lets a consumer read groups: everything that it needs for all of them goes to the target at once, and nothing a second time.
 *
 * @throws EndowError `CONSUMER_TWICE`
 */
export const grantOf = ({ name, consumer, reads, deployment: { target }, children }: ConsumerRequest): readonly Resource[] => {
  const access = notYetGranted(
    name,
    consumer,
    reads.flatMap((read) => read.access(consumer)),
  );
  if (access === undefined)
    throw fault("CONSUMER_TWICE", `another consumer of the stack is called "${name}"`, "give each consumer a name of its own", name);
  if (access.length === 0) return [];
  const needs = (when: Access["for"]) => access.filter((one) => one.for === when);
  const groups = reads.map(({ group }) => group).join("-");
  const make = makerFor(children, { part: "consumer", name: `${name}-${groups}` });
  return target.grant({ name, consumer, start: needs("start"), run: needs("run"), make });
};
