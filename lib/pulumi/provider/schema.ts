import { z } from "zod";
import { provisioned } from "../../kinds/provisioned";
import { byType } from "./handlers";
import type { LeaseOutputs, ProcessOutputs, RemoteLeaseOutputs, ServerOutputs, ValuesOutputs } from "./schemas";

/** A property, or an object's type, as a package schema has it. */
type Spec = Readonly<Record<string, unknown>>;
type Specs = Readonly<Record<string, Spec>>;
type OutputsOf<Outputs> = Readonly<Record<keyof Outputs, Spec>>;

const [text, integer, boolean, anything] = [{ type: "string" }, { type: "integer" }, { type: "boolean" }, { $ref: "pulumi.json#/Any" }];

/** What each type of resource is, and what it has beside its inputs. */
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
    description: "One setting's share of a server: a database with its role, a server's user, a bucket with its key.",
    outputs: (): OutputsOf<LeaseOutputs> => ({ ...fieldsOfKinds(), folder: text, login: text }),
  },
  "endow-local:index:RemoteLease": {
    description: "What one setting has on a server that somebody else runs: a database with its role.",
    outputs: (): OutputsOf<RemoteLeaseOutputs> => ({ ...fieldsOfKinds(), folder: text, login: text, owner: text }),
  },
  "endow-local:index:Values": {
    description: "The variables of one group, in a file that only this user can read.",
    outputs: (): OutputsOf<ValuesOutputs> => ({ folder: text, address: text, written: boolean }),
  },
  "endow-local:index:Process": {
    description: "An app that is kept running on this machine.",
    outputs: (): OutputsOf<ProcessOutputs> => ({ folder: text, url: text, log: text, running: boolean }),
  },
};

/** The package's schema. What the inputs must be is told by the handlers themselves. */
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
    displayName: "endow, on this machine",
    description: "The servers, credentials and apps of an environment, on the machine that Pulumi runs on.",
    resources: Object.fromEntries(resources),
    types,
  };
};

/** A lease has the fields of its own kind. */
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

/** The properties of an object; the types of objects inside it are added to `types`, each under the outer one's token and its own name. */
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
