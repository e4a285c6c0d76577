import { createHash, scrypt } from "node:crypto";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { Access, Platform } from "../contract/platform";
import type { Delivered, OpenStore } from "../contract/store";
import type { Delivery } from "../contract/target";
import { once } from "../internal/once";
import { screamingSnake } from "../names";
import { assertNoCredential } from "../stores/address";
import type { Deployment } from "./deployment";
import type { ProvidedResource } from "./resources";
import type { GroupEntry } from "./store-entries";
import { valuesOf } from "./store-values";

export interface DeliveryRequest {
  readonly group: string;
  readonly deployment: Deployment;
  /** Entries in the group's own store. */
  readonly entries: readonly GroupEntry[];
  /** Entries that a broker writes into the store of another group, the one that created the resource. */
  readonly elsewhere: readonly GroupEntry[];
  readonly store: OpenStore<Platform>;
  /** By setting name. */
  readonly resources: ReadonlyMap<string, ProvidedResource>;
}

/** Writes a group's values, and describes how they reach a process. */
export const deliver = ({ group, deployment, entries, elsewhere, store, resources }: DeliveryRequest): Delivery => {
  const { plan, target } = deployment;
  const values = valuesOf(entries, deployment, resources);
  const written = store.write(values);
  const referenced = elsewhere.flatMap(({ provider, variable }): readonly Delivered[] => {
    const owner = resources.get(provider.name)?.store;
    return owner ? [{ name: variable, by: "reference", entry: owner.entry(variable) }] : [];
  });
  const all = [...written.delivered, ...referenced];
  const isResolved = (one: Delivered) => one.by === "reference" && target.resolves.includes(one.entry.store);
  const variable = `ENDOW_${screamingSnake(group)}`;
  const usable = all.filter((one) => one.by === "value" || isResolved(one));
  // Only workloads need it; all workloads that read the group share the one derivation.
  const revision = once(() => revisionOf(`${plan.project}/${plan.environment.name}/${group}`, values, [...resources.values()]));
  return {
    group,
    variables: [
      ...usable,
      // When the platform resolves every reference, `load()` finds all values in the environment and reads no store.
      ...(all.some(isResolved) && usable.length === all.length ? [] : [text(variable, written.address.apply(checkedAddress(variable)))]),
      text("ENDOW_ENVIRONMENT", plan.environment.type),
    ],
    get revision() {
      return revision();
    },
    access: (consumer) => accessOf(consumer, { entries, elsewhere, store, resources }),
    ready: [...written.ready, ...[...resources.values()].flatMap(({ ready }) => ready)],
  };
};

const text = (name: string, value: pulumi.Input<string>): Delivered => ({ name, by: "value", secret: false, value: pulumi.output(value) });

/** Task definitions must not contain credentials. */
const checkedAddress = (variable: string) => (address: string) => {
  if (URL.canParse(address)) assertNoCredential(variable, new URL(address));
  return address;
};

const accessOf = (
  consumer: object,
  { entries, elsewhere, store, resources }: Pick<DeliveryRequest, "entries" | "elsewhere" | "store" | "resources">,
): readonly Access[] => {
  const others = elsewhere.flatMap(({ provider, variable }) => resources.get(provider.name)?.store.access(consumer, [variable]) ?? []);
  const own = store.access(
    consumer,
    entries.map(({ variable }) => variable),
  );
  return [...own, ...others, ...[...resources.values()].flatMap(({ access }) => access(consumer))];
};

const derive = promisify<string, string, number, Buffer>(scrypt);

/** Hashes with scrypt, which takes a tenth of a second per guess: a plain hash would let its readers brute-force short values. */
const revisionOf = (
  salt: string,
  values: ReadonlyMap<string, pulumi.Output<string>>,
  resources: readonly ProvidedResource[],
): pulumi.Output<string> =>
  pulumi.unsecret(
    pulumi
      .all([pulumi.all([...values.values()]), pulumi.all(resources.flatMap(({ credentialVersion }) => credentialVersion ?? []))])
      .apply(async ([texts, versions]) => {
        const written = JSON.stringify([[...values.keys()].map((name, index) => [name, texts[index]]), versions]);
        const digest = createHash("sha256").update(written).digest("hex");
        return (await derive(digest, salt, 16)).toString("hex");
      }),
  );

/** The variables that a process gets by value: the group's address, and the store's plaintext values. Secret if any of them is. */
export const valuesIn = ({ variables }: Pick<Delivery, "variables">): pulumi.Output<Record<string, string>> =>
  pulumi
    .all(variables.flatMap((one) => (one.by === "value" ? [one.value.apply((value) => [one.name, value] as const)] : [])))
    .apply((all) => Object.fromEntries(all));
