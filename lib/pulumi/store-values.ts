import * as pulumi from "@pulumi/pulumi";
import { acceptedVariables } from "../definition";
import { suppliedTexts } from "../plan/delivered";
import type { Deployment } from "./deployment";
import type { ProvidedResource } from "./resources";
import type { GroupEntry } from "./store-entries";

/** The values that the deploy writes, by variable. */
export const valuesOf = (
  entries: readonly GroupEntry[],
  deployment: Deployment,
  resources: ReadonlyMap<string, ProvidedResource>,
): ReadonlyMap<string, pulumi.Output<string>> =>
  new Map(
    entries
      .filter(({ writer }) => writer === "deploy")
      .flatMap((entry) => {
        const { variable, secret, row, provider, definition } = entry;
        if ((row.source === "provisioned" || row.source === "generated") && entry.variable === row.name) {
          const text = resources
            .get(provider.name)
            ?.textsFor(definition)
            .apply((texts) => texts[variable] ?? "");
          // The kind declares this variable public, although some of the resource's fields are secret.
          return text ? [[variable, secret ? pulumi.secret(text) : pulumi.unsecret(text)] as const] : [];
        }
        const value = row.value === undefined ? suppliedOf(entry, deployment) : pulumi.output(row.value);
        return value === undefined ? [] : [[variable, secret ? pulumi.secret(value) : value] as const];
      }),
  );

/** A value from the stack's configuration: unchanged under its own name, or composed of the provider's values. */
const suppliedOf = ({ variable, definition, provider }: GroupEntry, { configured }: Deployment): pulumi.Output<string> | undefined => {
  const own = configured.outputs[variable];
  if (own !== undefined) return own;
  const names = acceptedVariables(provider).flatMap(({ name }) => (name in configured.outputs ? [name] : []));
  return pulumi
    .all(names.map((name) => configured.outputs[name] ?? ""))
    .apply((texts) => suppliedTexts(definition, provider, Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ""]))))
    .apply((texts) => texts[variable] ?? "");
};
