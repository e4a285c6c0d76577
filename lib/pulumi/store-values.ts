import * as pulumi from "@pulumi/pulumi";
import type { Deployment } from "./deployment";
import type { ProvidedResource } from "./resources";
import type { GroupEntry } from "./store-entries";

/** The values that the deploy writes, by variable. */
export const valuesOf = (
  entries: readonly GroupEntry[],
  { configured }: Deployment,
  resources: ReadonlyMap<string, ProvidedResource>,
): ReadonlyMap<string, pulumi.Output<string>> =>
  new Map(
    entries
      .filter(({ writer }) => writer === "deploy")
      .flatMap(({ definition, variable, suffix, secret }) => {
        const value = suffix === undefined ? configured.outputs[variable] : textIn(resources.get(definition.name), suffix);
        if (value === undefined) return [];
        // The kind declares this variable public, although some of the resource's fields are secret.
        return [[variable, secret ? pulumi.secret(value) : suffix === undefined ? value : pulumi.unsecret(value)] as const];
      }),
  );

const textIn = (resource: ProvidedResource | undefined, suffix: string): pulumi.Output<string> | undefined =>
  resource?.texts.apply((texts) => texts[suffix] ?? "");
