import { z } from "zod";
import { valueAt } from "../../internal/value-at";
import { holdsUnknown, type Properties } from "./marshal";

/** A property that is not as it must be. */
export interface InvalidInput {
  /** As Pulumi writes it: `server.port`, `command[0]`. */
  readonly property: string;
  /** Goes on from the property's name. Never holds its value. */
  readonly reason: string;
}

export interface Checked {
  /** With the defaults filled in; as they came where something is wrong. */
  readonly inputs: Properties;
  readonly failures: readonly InvalidInput[];
}

/** Checks a resource's inputs. What is not known before the deploy is not looked at: it is checked again when it is. */
export const checkInputs = (schema: z.ZodObject, news: Properties): Checked => {
  const parsed = schema.safeParse(news);
  if (parsed.success) return { inputs: parsed.data, failures: [] };
  const issues = parsed.error.issues.filter(({ path }) => !holdsUnknown(valueAt(news, path)) || path.length === 0);
  const failures = issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? strangers(schema, issue) : [failure(issue)]));
  return { inputs: failures.length === 0 ? withDefaults(schema, news) : news, failures };
};

/** `["server", "port"]` is `server.port`, `["values", "a.b"]` is `values["a.b"]`. */
export const propertyPath = (path: readonly PropertyKey[]): string =>
  path
    .map((key) =>
      typeof key === "number" ? `[${key}]` : /^[A-Za-z_$][\w$]*$/.test(String(key)) ? `.${String(key)}` : `["${String(key)}"]`,
    )
    .join("")
    .replace(/^\./, "");

const failure = ({ path, message }: z.core.$ZodIssue): InvalidInput => ({ property: propertyPath(path), reason: message });

const strangers = (schema: z.ZodObject, { path, keys }: z.core.$ZodIssueUnrecognizedKeys): readonly InvalidInput[] =>
  keys.map((key) => ({
    property: propertyPath([...path, key]),
    reason: `there is no such property, only ${namesAt(schema, path).join(", ")}`,
  }));

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/** Names of the properties of an object inside another. */
const namesAt = (schema: z.ZodObject, path: readonly PropertyKey[]): readonly string[] => {
  const root = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
  const part = path.reduce<JsonSchema | undefined>((node, key) => node?.properties?.[String(key)] ?? node?.items, root);
  return Object.keys(part?.properties ?? {});
};

/** Each property by itself, for those that are known. */
const withDefaults = (schema: z.ZodObject, news: Properties): Properties =>
  Object.fromEntries(
    Object.entries(schema.shape)
      .map(([name, part]) => [name, holdsUnknown(news[name]) ? news[name] : z.parse(part, news[name])] as const)
      .filter(([, value]) => value !== undefined),
  );
