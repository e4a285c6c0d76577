import * as pulumi from "@pulumi/pulumi";
import { acceptedVariables, type Definition } from "../definition";
import type { Group } from "../settings";
import type { Entry } from "../stores/deployer";
import type { Deployment } from "./deployment";
import type { Resource } from "./resources";

/** Every value that the deploy writes for a group, each variable once. */
export const entriesOf = (
  { definitions }: Group,
  { configured }: Deployment,
  resources: ReadonlyMap<string, Resource>,
): readonly Entry[] => {
  const entries = definitions.flatMap((definition) => {
    const resource = resources.get(definition.name);
    return resource ? provisionedEntries(definition, resource) : suppliedEntries(definition, configured.outputs);
  });
  return [...new Map(entries.map((entry) => [entry.variable, entry])).values()];
};

const provisionedEntries = ({ variables }: Definition, { texts }: Resource): readonly Entry[] =>
  texts === undefined
    ? []
    : variables.map(({ name, suffix, secret }) => {
        const text = texts.apply((all) => all[suffix]);
        // The kind says that this one holds no secret, although it was made from fields of which some are.
        return { variable: name, secret, value: secret ? text : pulumi.unsecret(text) };
      });

const suppliedEntries = (definition: Definition, supplied: Deployment["configured"]["outputs"]): readonly Entry[] =>
  acceptedVariables(definition).flatMap(({ name, secret }) => {
    const value = supplied[name];
    return value === undefined ? [] : [{ variable: name, secret, value }];
  });
