import { z } from "zod/v4";
import { provisioned } from "../../kinds/provisioned";
import { byType } from "./handlers";
import type { GeneratedOutputs, LeaseOutputs, ProcessOutputs, RemoteLeaseOutputs, ServerOutputs, ValuesOutputs } from "./schemas";

/** A property or an object type, in the form of a package schema. */
type Spec = Readonly<Record<string, unknown>>;
type Specs = Readonly<Record<string, Spec>>;
type OutputsOf<Outputs> = Readonly<Record<keyof Outputs, Spec>>;

const [text, integer, boolean, anything] = [{ type: "string" }, { type: "integer" }, { type: "boolean" }, { $ref: "pulumi.json#/Any" }];

/** Description and outputs of each resource type. */
const described: Readonly<Record<string, { readonly description: string; readonly outputs: () => Specs }>> = {
  "endow-local:index:Server": {
    description: "A server that runs on this machine.",
    outputs: (): OutputsOf<ServerOutputs> => ({
      folder: text,
      host: text,
      port: integer,
      actualVersion: text,
      source: text,
      running: boolean,
    }),
  },
  "endow-local:index:Lease": {
    description: "One setting's share of a server: a database and its role, a server's user, or a bucket and its key.",
    outputs: (): OutputsOf<LeaseOutputs> => ({ ...fieldsOfKinds(), folder: text, login: text }),
  },
  "endow-local:index:RemoteLease": {
    description: "One setting's share of a server that endow does not manage: a database and its role.",
    outputs: (): OutputsOf<RemoteLeaseOutputs> => ({ ...fieldsOfKinds(), folder: text, login: text, owner: text }),
  },
  "endow-local:index:Generated": {
    description: "A secret or key pair generated once per environment.",
    outputs: (): OutputsOf<GeneratedOutputs> => ({
      folder: text,
      value: { ...text, secret: true },
      privateKey: { ...text, secret: true },
      publicKey: text,
    }),
  },
  "endow-local:index:Values": {
    description: "The variables of one group, in a file that only the current user can read.",
    outputs: (): OutputsOf<ValuesOutputs> => ({ folder: text, address: text, written: boolean }),
  },
  "endow-local:index:Process": {
    description: "An app that runs on this machine and is restarted when it exits.",
    outputs: (): OutputsOf<ProcessOutputs> => ({ folder: text, url: text, log: text, running: boolean }),
  },
};

/** Builds the package schema. The inputs come from the handlers' own schemas. */
export const packageSchema = (version: string): object => {
  const types: Record<string, Spec> = {};
  const resources = Object.entries(byType).map(([token, { inputs, secretInputs }]) => {
    const { properties, required } = objectSpec(z.toJSONSchema(inputs, { io: "input" }) as JsonSchema, token, types);
    const inputProperties = mapValues(properties, (spec, name) => (secretInputs.includes(name) ? { ...spec, secret: true } : spec));
    const { description, outputs } = described[token] ?? { description: "", outputs: () => ({}) };
    return [
      token,
      { description, inputProperties, requiredInputs: required, properties: { ...inputProperties, ...outputs() }, required },
    ] as const;
  });
  return {
    name: "endow-local",
    version,
    displayName: "endow on this machine",
    description: "The servers, credentials and apps of an environment on the machine that runs Pulumi.",
    resources: Object.fromEntries(resources),
    types,
  };
};

/** The fields of all kinds: a lease has those of its own kind. */
const fieldsOfKinds = (): Specs => {
  const fields = Object.values(provisioned).flatMap((kind) => Object.entries(kind.fields ?? {}));
  return Object.fromEntries(fields.map(([name, visibility]) => [name, visibility === "secret" ? { ...anything, secret: true } : anything]));
};

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly default?: unknown;
}

/** Describes an object's properties. Adds the types of nested objects to `types`, under the outer token plus the property's name. */
const objectSpec = ({ properties = {}, required = [] }: JsonSchema, outer: string, types: Record<string, Spec>) => ({
  properties: mapValues(properties, (part, name) => spec(part, `${outer}${name.charAt(0).toUpperCase()}${name.slice(1)}`, types)),
  required,
});

const spec = (schema: JsonSchema, token: string, types: Record<string, Spec>): Spec => {
  const { type, items, properties, additionalProperties } = schema;
  if (properties !== undefined) {
    types[token] = { type: "object", ...objectSpec(schema, token, types) };
    return { $ref: `#/types/${token}` };
  }
  if (type === "array") return { type, items: spec(items ?? {}, token, types) };
  if (type === "object") return { type, additionalProperties: spec(additionalProperties as JsonSchema, token, types) };
  if (type === undefined) return anything;
  return { type, ...(schema.default !== undefined && { default: schema.default }) };
};

const mapValues = <A, B>(record: Readonly<Record<string, A>>, make: (value: A, name: string) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value, name)]));
