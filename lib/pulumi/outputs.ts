import type { Output } from "@pulumi/pulumi";
import type { KindOf, Shape } from "../config";
import { fault } from "../errors";
import type { FieldsOf } from "../kind";
import type { Provisioned, ProvisionedKind, RoleKind } from "../kinds";
import type { TraitsOf } from "../setting";
import type { Group } from "../settings";
import type { Existing } from "./existing";
import type { ExistingServer } from "./on-server";
import type { Resource } from "./resources";

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

/** Resources that are there already, or the servers that they are to be made on, by setting. */
export type ExistingResources<S extends Shape> = {
  readonly [K in ProvidedNames<S>]?: Existing<Provided<S[K]>> | ([KindOf<S[K]>] extends [RoleKind] ? ExistingServer : never);
};

/** A resource that this environment does without is `undefined` where the types say that it may be; else asking for it is a mistake. */
export const outputsOf = <S extends Shape>({ definitions }: Group, resources: ReadonlyMap<string, Resource>): GroupOutputs<S> => {
  const outputs = {};
  for (const { name, variables, fallback, requiredIn, requiredWhen } of definitions.filter((definition) => definition.kind.server)) {
    const mayBeAbsent = fallback !== undefined || requiredIn !== undefined || requiredWhen !== undefined;
    const get = () => {
      const fields = resources.get(name)?.fields;
      if (fields || mayBeAbsent) return fields;
      throw fault(
        "NO_RESOURCE",
        `"${name}" has no resource in this stack, because ${variables[0]?.name} is in its configuration`,
        "use `env`, or take the value out of the configuration",
        name,
      );
    };
    Object.defineProperty(outputs, name, { enumerable: resources.has(name), get });
  }
  return outputs as GroupOutputs<S>;
};
