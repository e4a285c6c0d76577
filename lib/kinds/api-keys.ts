import { z } from "zod";
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { equalTo, Secret } from "../secret";
import { builderOf, type Builder } from "../setting";
import { isPlaceholder } from "./weakness";

/** One accepted key, and whom it belongs to. */
export interface ApiKey {
  /** What the client presents. Check it with `match()`, which compares in constant time. */
  readonly key: Secret;
  /** Whose key it is: 1 to 64 of A-Z a-z 0-9 . _ - */
  readonly namespace: string;
}

/** The keys that an API accepts. A namespace may have two, the old and the new one, while clients change over. */
export class ApiKeys extends Array<ApiKey> {
  // map() and filter() would otherwise call the constructor with a length.
  static override get [Symbol.species]() {
    return Array;
  }

  /** The namespace of a key that a client presents, or `undefined`. Every key is compared, each in constant time. */
  match(presented: string | undefined): string | undefined {
    if (presented === undefined) return undefined;
    const isPresented = equalTo(presented);
    let found: string | undefined;
    for (const { key, namespace } of this) {
      if (isPresented(key.reveal())) found = namespace;
    }
    return found;
  }
}

const SHORTEST = 16;
const FORM = 'must be written "key:namespace,key:namespace"';

type Pair = readonly [key: string, namespace: string];

const pairsIn = (text: string): readonly Pair[] =>
  text.split(",").map((entry) => {
    const colon = entry.lastIndexOf(":");
    return colon === -1 ? ["", ""] : [entry.slice(0, colon).trim(), entry.slice(colon + 1).trim()];
  });

/** Problems that are told one by one. */
const TOLD = 10;

/** Entries are named by their position: where key and namespace are swapped, the namespace is a secret. */
const problemsWith = (pairs: readonly Pair[]): readonly string[] => {
  const malformed = pairs.flatMap(([key, namespace], index) =>
    key !== "" && /^[\w.-]{1,64}$/.test(namespace)
      ? []
      : [`entry ${index + 1} of ${pairs.length} ${FORM}; a namespace is 1 to 64 of A-Z a-z 0-9 . _ -`],
  );
  if (malformed.length > 0) return first(malformed);
  const withKey = positionsBy(pairs, 0);
  const inNamespace = positionsBy(pairs, 1);
  const repeated = pairs.flatMap(([key, namespace], index) => {
    const [earliest = index] = withKey.get(key) ?? [];
    if (earliest < index) return [`entry ${index + 1} repeats the key of entry ${earliest + 1}`];
    const positions = inNamespace.get(namespace) ?? [];
    return positions[2] === index
      ? [`has ${positions.length} keys in the namespace of entry ${index + 1}: two at the most, the old and the new one`]
      : [];
  });
  return first(repeated);
};

const first = (sentences: readonly string[]): readonly string[] =>
  sentences.length > TOLD ? [...sentences.slice(0, TOLD), `has ${sentences.length - TOLD} more problems of this kind`] : sentences;

/** Where each key, or each namespace, stands. */
const positionsBy = (pairs: readonly Pair[], part: 0 | 1): ReadonlyMap<string, readonly number[]> => {
  const positions = new Map<string, number[]>();
  for (const [index, pair] of pairs.entries()) {
    const known = positions.get(pair[part]);
    if (known) known.push(index);
    else positions.set(pair[part], [index]);
  }
  return positions;
};

const apiKeysKind = defineKind({
  name: "apiKeys",
  secret: true,
  options: once(() => z.strictObject({})),
  variables: () => [{ suffix: "", secret: true, required: true }],
  schema: () =>
    z.custom<VariableTexts>().transform((texts, context) => {
      const pairs = pairsIn(texts[""] ?? "");
      const problems = problemsWith(pairs);
      for (const sentence of problems) context.addIssue({ code: "custom", params: { sentence }, input: "***" });
      return problems.length > 0 ? z.NEVER : (ApiKeys.from(pairs, ([key, namespace]) => ({ key: new Secret(key), namespace })) as ApiKeys);
    }),
  example: () => ({ "": "fake-key-0123456789:fake" }),
  secrets: (keys) => keys.map(({ key }) => key.reveal()),
  weaknesses: (keys) =>
    keys.flatMap(({ key }, index) => {
      if (isPlaceholder(key.reveal())) return [`has a placeholder as the key of entry ${index + 1}`];
      return key.reveal().length < SHORTEST ? [`has a key of fewer than ${SHORTEST} characters in entry ${index + 1}`] : [];
    }),
});

/**
 * The keys that this app's own API accepts: `API_KEYS="key:namespace,key:namespace"`, parsed to `{ key: Secret, namespace }[]` with `match(presented)`.
 * Refuses a key given twice, more than two keys in a namespace and, in production, keys that are short or placeholders.
 */
export const apiKeys: Builder<object, ApiKeys, "apiKeys"> = builderOf(apiKeysKind);
