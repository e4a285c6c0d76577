import { z } from "zod";
import { defineKind, type Texts } from "../kind";
import { Secret, sameText } from "../secret";
import { builderOf, type Builder } from "../setting";
import { isPlaceholder } from "./weakness";

/** One accepted key, and whom it belongs to. */
export interface ApiKey {
  readonly key: Secret;
  readonly namespace: string;
}

/** The keys that an API accepts. A namespace may have two, the old and the new one, while clients change over. */
export class ApiKeys extends Array<ApiKey> {
  // map() and filter() would otherwise call the constructor with a length.
  static override get [Symbol.species]() {
    return Array;
  }

  /** The namespace of a key that a client presents, or `undefined`. Every key is compared, each in constant time. */
  match(presented: string): string | undefined {
    let found: string | undefined;
    for (const { key, namespace } of this) {
      if (sameText(key.reveal(), presented)) found = namespace;
    }
    return found;
  }
}

const SHORTEST = 16;
const FORM = 'must be written "key:namespace,key:namespace"';

const parse = (
  text: string,
): { readonly pairs: readonly (readonly [key: string, namespace: string])[]; readonly problems: readonly string[] } => {
  const entries = text.split(",").map((entry) => entry.trim());
  const pairs = entries.map((entry) => {
    const colon = entry.lastIndexOf(":");
    return [entry.slice(0, colon === -1 ? 0 : colon).trim(), entry.slice(colon + 1).trim()] as const;
  });
  const malformed = pairs.flatMap(([key, namespace], index) =>
    key !== "" && /^[\w.-]{1,64}$/.test(namespace)
      ? []
      : [`entry ${index + 1} of ${pairs.length} ${FORM}; a namespace is 1 to 64 of A-Z a-z 0-9 . _ -`],
  );
  if (malformed.length > 0) return { pairs, problems: malformed };
  const keys = pairs.map(([key]) => key);
  const twice = keys.flatMap((key, index) =>
    keys.indexOf(key) < index ? [`entry ${index + 1} repeats the key of entry ${keys.indexOf(key) + 1}`] : [],
  );
  const namespaces = pairs.map(([, namespace]) => namespace);
  const crowded = [...new Set(namespaces)].flatMap((namespace) => {
    const own = namespaces.filter((other) => other === namespace).length;
    return own > 2 ? [`namespace "${namespace}" has ${own} keys: two at the most, the old and the new one`] : [];
  });
  return { pairs, problems: [...twice, ...crowded] };
};

export const apiKeysKind = defineKind({
  name: "apiKeys",
  secret: true,
  options: z.strictObject({}),
  variables: () => [{ suffix: "", secret: true, required: true }],
  schema: () =>
    z.custom<Texts>().transform((texts, context) => {
      const { pairs, problems } = parse(texts[""] ?? "");
      for (const sentence of problems) context.addIssue({ code: "custom", params: { sentence } });
      return problems.length > 0 ? z.NEVER : (ApiKeys.from(pairs, ([key, namespace]) => ({ key: new Secret(key), namespace })) as ApiKeys);
    }),
  example: () => ({ "": "fake-key-0123456789:fake" }),
  weaknesses: (keys) =>
    keys.flatMap(({ key, namespace }) => {
      if (isPlaceholder(key.reveal())) return [`holds a placeholder as a key of namespace "${namespace}"`];
      return key.reveal().length < SHORTEST ? [`holds a key of namespace "${namespace}" with fewer than ${SHORTEST} characters`] : [];
    }),
});

/**
 * The keys that this app's own API accepts: `API_KEYS="key:namespace,key:namespace"`, parsed to `{ key: Secret, namespace }[]` with `match(presented)`.
 * Refuses a key given twice, more than two keys in a namespace and, in production, keys that are short or placeholders.
 */
export const apiKeys: Builder<object, ApiKeys, "apiKeys"> = builderOf(apiKeysKind);
