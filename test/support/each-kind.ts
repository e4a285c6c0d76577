import type { z } from "zod";
import * as api from "../../lib/index";
import { metadataIn, type Definition } from "../../lib/definition";
import type { FieldsOf, VariableTexts } from "../../lib/kind";
import { mapKinds, provisionedKinds, type Provisioned, type ProvisionedKind } from "../../lib/kinds/provisioned";

/** The public functions that make a setting of a kind without arguments. */
export type BuilderName = {
  [B in keyof typeof api]: (typeof api)[B] extends () => z.ZodType & api.Traited<string, string, boolean> ? B : never;
}[keyof typeof api];

const { apiKeys, bucket, keyPair, mongodbUrl, mysqlUrl, natsUrl, postgresUrl, redisNodes, redisUrl, secret, smtp } = api;

/** All of them. A missing kind does not compile, so every test that iterates over them covers each kind. */
export const builders: Readonly<Record<BuilderName, () => z.ZodType>> = {
  apiKeys,
  bucket,
  keyPair,
  mongodbUrl,
  mysqlUrl,
  natsUrl,
  postgresUrl,
  redisNodes,
  redisUrl,
  secret,
  smtp,
};

/** The name of a builder's kind. */
export const kindOf = (builder: () => z.ZodType): string => metadataIn(builder()).kind.name;

/** A group with one setting of each provisionable kind, named after its kind. */
export const everyKind = (name: string, kinds: readonly string[] = provisionedKinds.names): api.Group => {
  const shape = mapKinds<{ readonly [N in ProvisionedKind]: z.ZodType }>((kind) => {
    const builder = Object.values(builders).find((each) => kindOf(each) === kind);
    if (builder === undefined) throw new Error(`no public function makes a setting of the kind ${kind}`);
    return builder();
  });
  return api.settings(name, Object.fromEntries(Object.entries(shape).filter(([kind]) => kinds.includes(kind))));
};

/** Fields as a resource of the kind would have them: the given secrets, and names and hosts instead of the example's. */
export const fieldsLike = <N extends ProvisionedKind>(kind: N, values: FieldValues): Required<FieldsOf<Provisioned[N]>> =>
  anyFieldsLike(kind, values) as Required<FieldsOf<Provisioned[N]>>;

interface FieldValues {
  readonly host: string;
  readonly name: string;
  readonly secret: string;
}

const anyFieldsLike = (kind: string, { host, name, secret }: FieldValues): object => {
  const { fields, exampleFields } = provisionedKinds.get(kind);
  return Object.fromEntries(
    Object.entries(exampleFields).map(([field, example]: [string, unknown]) => {
      if (fields[field] === "secret") return [field, secret];
      if (typeof example !== "string") return [field, example];
      const spelled = example.includes("-") ? name.replaceAll("_", "-") : name;
      return [field, example.replaceAll(/localhost|example/g, (found) => (found === "localhost" ? host : spelled))];
    }),
  );
};

/** Variables with a valid value of a setting, and the one secret in it. */
export interface Sample {
  readonly secret: string;
  readonly env: Readonly<Record<string, string>>;
}

/** @param secret at least 16 different letters and digits: accepted by every kind whose secret can be any text. Others have the example's own one. */
export const sampleOf = (definition: Definition, secret: string): Sample => {
  const { kind, schema } = definition;
  const provided = provisionedKinds.find(kind.name);
  const texts = provided
    ? kind.encode(anyFieldsLike(kind.name, { host: "localhost", name: "sample", secret }))
    : exampleWith(definition, secret);
  if (schema.safeParse(texts).success) return { secret, env: envOf(definition, texts) };
  const example = kind.example() ?? {};
  const [own = ""] = kind.variables.flatMap((variable) => (variable.secret ? (example[variable.field] ?? []) : []));
  // Of a PEM, a line of the key itself.
  return { secret: own.split("\n").at(1) ?? own, env: envOf(definition, example) };
};

/** Maps texts by field to the setting's variables. */
export const envOf = ({ variables }: Pick<Definition, "variables">, texts: VariableTexts): Readonly<Record<string, string>> =>
  Object.fromEntries(variables.flatMap(({ name, field }) => (field in texts ? [[name, texts[field] ?? ""]] : [])));

/** The example's texts, with another secret. */
const exampleWith = ({ kind, schema }: Definition, secret: string): VariableTexts => {
  const example = kind.example() ?? {};
  const parsed = schema.safeParse(example);
  const own =
    kind.secrets && parsed.success
      ? [...kind.secrets(parsed.data), "fake-secret"]
      : kind.variables.flatMap((variable) => (variable.secret ? (example[variable.field] ?? []) : []));
  const replaced = (text: string) => own.reduce((now, part) => now.replaceAll(part, secret), text);
  return Object.fromEntries(Object.entries(example).map(([field, text]) => [field, replaced(text)]));
};
