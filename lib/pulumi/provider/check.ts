import { z } from "zod/v4";
import { valueAt } from "../../internal/value-at";
import { holdsUnknown, type Properties } from "./marshal";

/** An invalid property. */
export interface InvalidInput {
  /** Path in Pulumi's notation: `server.port`, `command[0]`. */
  readonly property: string;
  /** Completes a sentence that starts with the property's name. Never contains its value. */
  readonly reason: string;
}

export interface Checked {
  /** With the defaults filled in; unchanged if any check failed. */
  readonly inputs: Properties;
  readonly failures: readonly InvalidInput[];
}

/** Checks a resource's inputs. Skips values that are unknown until the deploy, when the engine calls this again with the values. */
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
    reason: `is not a valid property: allowed are ${namesAt(schema, path).join(", ")}`,
  }));

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/** Property names of the object at a path. */
const namesAt = (schema: z.ZodObject, path: readonly PropertyKey[]): readonly string[] => {
  const root = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
  const part = path.reduce<JsonSchema | undefined>((node, key) => node?.properties?.[String(key)] ?? node?.items, root);
  return Object.keys(part?.properties ?? {});
};

/** Fills in defaults property by property, for those that are known. */
const withDefaults = (schema: z.ZodObject, news: Properties): Properties =>
  Object.fromEntries(
    Object.entries(schema.shape)
      .map(([name, part]) => [name, holdsUnknown(news[name]) ? news[name] : z.parse(part, news[name])] as const)
      .filter(([, value]) => value !== undefined),
  );
