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

/** The fields of one resource, those that are secret as secret outputs: the same on every target. */
export type ResourceOutputs<Fields> = { readonly [F in keyof Fields]-?: Output<Fields[F]> };

/** Whether some environments do without the resource. */
type MayBeAbsent<S> = [TraitsOf<S>] extends [{ readonly fallback: never; readonly conditional: false }] ? never : undefined;

/** The resources of a group, by setting: `group.outputs.databaseUrl.host`. */
export type GroupOutputs<S extends Shape> = {
  readonly [K in ProvidedNames<S>]: ResourceOutputs<Provided<S[K]>> | MayBeAbsent<S[K]>;
};

/** Resources that are already there, or the servers that they are to be made on, by setting. */
export type ExistingResources<S extends Shape, P extends Platform = Platform> = {
  readonly [K in ProvidedNames<S>]?: Existing<Provided<S[K]>> | OnServer<P["Reference"]>;
};

/**
 * A resource that this environment does without is `undefined` where the types say that it may be; else asking for it is a mistake. So is asking for
 * a credential that is never in Pulumi's state, since a broker makes it or a consumer's identity is enough.
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
        `"${name}" has no resource in this stack, because ${variables[0]?.name} is in its configuration`,
        "use `delivery`, or take the value out of the configuration",
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
      `the ${field} of "${id}" is not in Pulumi's state: it is made where the server runs`,
      "hand the group's `delivery` to whatever needs it",
      id,
    );
  };
  return Object.defineProperties(
    { ...fields },
    Object.fromEntries(missing.map((field) => [field, { enumerable: false, get: get(field) }])),
  );
};
