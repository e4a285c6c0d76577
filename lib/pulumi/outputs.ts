import type { Output } from "@pulumi/pulumi";
import type { KindOf, Shape } from "../config";
import type { Platform } from "../contract/platform";
import type { Definition } from "../definition";
import { fault } from "../errors";
import type { FieldsOf } from "../kind";
import type { Provisioned, ProvisionedKind } from "../kinds/provisioned";
import type { TraitsOf } from "../setting";
import type { Group } from "../settings";
import type { Existing } from "./existing";
import type { OnServer } from "./on-server";
import type { ProvidedResource } from "./resources";

type Provided<S> = [KindOf<S>] extends [ProvisionedKind] ? FieldsOf<Provisioned[KindOf<S> & ProvisionedKind]> : never;
type ProvidedNames<S extends Shape> = { [K in keyof S]: [Provided<S[K]>] extends [never] ? never : K }[keyof S];

/** The fields of one resource, the secret ones as secret outputs: the same on every target. */
export type ResourceOutputs<Fields> = { readonly [F in keyof Fields]-?: Output<Fields[F]> };

/** `undefined` if some environments have no such resource. */
type MayBeAbsent<S> = [TraitsOf<S>] extends [{ readonly fallback: never; readonly conditional: false }] ? never : undefined;

/** The resources of a group, by setting: `group.outputs.databaseUrl.host`. */
export type GroupOutputs<S extends Shape> = {
  readonly [K in ProvidedNames<S>]: ResourceOutputs<Provided<S[K]>> | MayBeAbsent<S[K]>;
};

/** Existing resources, or existing servers to create them on, by setting. */
export type ExistingResources<S extends Shape, P extends Platform = Platform> = {
  readonly [K in ProvidedNames<S>]?: Existing<Provided<S[K]>> | OnServer<P["Reference"]>;
};

/**
 * The outputs of a group's resources. A resource that this environment lacks is `undefined` where the types allow it; otherwise accessing it throws.
 * So does accessing a credential that is never in Pulumi's state, because a broker creates it or the consumer authenticates with its identity.
 */
export const outputsOf = <S extends Shape>({ definitions }: Group, resources: ReadonlyMap<string, ProvidedResource>): GroupOutputs<S> => {
  const outputs = {};
  for (const definition of definitions.filter(({ kind }) => kind.server)) {
    const { name, variables, fallback, requiredIn, requiredWhen } = definition;
    const mayBeAbsent = fallback !== undefined || requiredIn !== undefined || requiredWhen !== undefined;
    const provided = resources.get(name);
    const fields = provided && withoutCredential(definition, provided.fields);
    const get = () => {
      if (fields || mayBeAbsent) return fields;
      throw fault(
        "NO_RESOURCE",
        `"${name}" has no resource in this stack, because ${variables[0]?.name} is set in the stack's configuration`,
        "use `delivery`, or remove the value from the configuration",
        name,
      );
    };
    Object.defineProperty(outputs, name, { enumerable: resources.has(name), get });
  }
  return outputs as GroupOutputs<S>;
};

const withoutCredential = ({ id, kind }: Definition, fields: ProvidedResource["fields"]): object => {
  const missing = Object.keys(kind.fields ?? {}).filter((name) => !(name in fields));
  const get = (field: string) => () => {
    throw fault(
      "CREDENTIAL_ELSEWHERE",
      `the ${field} of "${id}" is not in Pulumi's state: it is created where the server runs`,
      "pass the group's `delivery` to the consumer instead",
      id,
    );
  };
  return Object.defineProperties(
    { ...fields },
    Object.fromEntries(missing.map((field) => [field, { enumerable: false, get: get(field) }])),
  );
};
