import { runtime } from "@pulumi/pulumi";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

export type Properties = Readonly<Record<string, unknown>>;

/** A resource's former identity; missing fields are unchanged. */
export interface RecordedAlias {
  readonly urn?: string;
  readonly name?: string;
  readonly type?: string;
  readonly parent?: string;
  /** Whether its parent was the stack itself. */
  readonly noParent?: true;
}

/** A resource as registered by the program, including options. */
export interface Recorded {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Plain values: secret marks are removed, and values unknown in a preview are `undefined`. */
  readonly inputs: Properties;
  /** Paths of inputs marked as secret: `values`, `server.password`, `command[0]`. */
  readonly secretInputs: readonly string[];
  /** Outputs registered by a component; empty for a custom resource. */
  readonly outputs: Properties;
  /** Whether it is a custom resource; otherwise it is a component. */
  readonly custom: boolean;
  /** URN; "" at the root. */
  readonly parent: string;
  /** `undefined` if not set. */
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
  /** URNs. */
  readonly dependsOn: readonly string[];
  /** `additionalSecretOutputs` */
  readonly secretOutputs: readonly string[];
  readonly aliases: readonly RecordedAlias[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** URN and id of an explicit provider; "" for the default one. */
  readonly provider: string;
  /** The requested provider version; "" for any. */
  readonly version: string;
}

export const recordOf = (request: RegisterResourceRequest, urn: string): Recorded => {
  const secretInputs: string[] = [];
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    inputs: valueOf(request.getObject()?.toJavaScript() ?? {}, (path) => secretInputs.push(path)) as Properties,
    secretInputs,
    outputs: {},
    custom: request.getCustom(),
    parent: request.getParent(),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    dependsOn: request.getDependenciesList(),
    secretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().map(aliasOf),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    provider: request.getProvider(),
    version: request.getVersion(),
  };
};

/** Built like the engine does: the chain of the parents' types, without their names and without the stack. */
export const urnOf = (request: RegisterResourceRequest, stack: string, project: string): string => {
  const parentTypes = request.getParent().split("::")[2] ?? "";
  const types = ["", "pulumi:pulumi:Stack"].includes(parentTypes) ? [] : [parentTypes];
  return `urn:pulumi:${stack}::${project}::${[...types, request.getType()].join("$")}::${request.getName()}`;
};

const aliasOf = (alias: Alias): RecordedAlias => {
  if (alias.hasUrn()) return { urn: alias.getUrn() };
  const spec = alias.getSpec();
  return {
    ...(spec?.getName() && { name: spec.getName() }),
    ...(spec?.getType() && { type: spec.getType() }),
    ...(spec?.hasParenturn() && { parent: spec.getParenturn() }),
    ...(spec?.getNoparent() && { noParent: true }),
  };
};

/** A property as given by the program, without the marks of Pulumi's protocol; reports the path of each secret. */
export const valueOf = (value: unknown, isSecret: (path: string) => void = () => undefined, path = ""): unknown => {
  if (value === runtime.unknownValue) return undefined;
  if (runtime.isRpcSecret(value)) {
    isSecret(path);
    return valueOf(runtime.unwrapRpcSecret(value), isSecret, path);
  }
  if (Array.isArray(value)) return value.map((item: unknown, index) => valueOf(item, isSecret, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, valueOf(inner, isSecret, path ? `${path}.${key}` : key)]));
};
