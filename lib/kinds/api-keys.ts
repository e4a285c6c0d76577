import { z } from "zod/v4";
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { refuse } from "../internal/refuse";
import { equalTo, Secret } from "../secret";
import { builderOf, type Builder } from "../setting";
import { isPlaceholder } from "./weakness";

/** One accepted key and its namespace. */
export interface ApiKey {
  /** The key that the client sends. Check it with `match()`, which compares in constant time. */
  readonly key: Secret;
  /** The owner of the key: 1 to 64 characters of A-Z a-z 0-9 . _ - */
  readonly namespace: string;
}

/** The keys that an API accepts. A namespace may have two, the old and the new one, during rotation. */
export class ApiKeys extends Array<ApiKey> {
  // Otherwise map() and filter() would call the constructor with a length.
  static override get [Symbol.species]() {
    return Array;
  }

  /** Returns the namespace of a key that a client sent, or `undefined`. Compares with every key, each in constant time. */
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
const FORM = 'must have the form "key:namespace,key:namespace"';
const NAMESPACE = "a namespace is 1 to 64 characters of A-Z a-z 0-9 . _ -";

type Pair = readonly [key: string, namespace: string];

const pairsIn = (text: string): readonly Pair[] =>
  text.split(",").map((entry) => {
    const colon = entry.lastIndexOf(":");
    return colon === -1 ? ["", ""] : [entry.slice(0, colon).trim(), entry.slice(colon + 1).trim()];
  });

/** Maximum number of problems listed individually. */
const TOLD = 10;

/** Identifies entries by position: if key and namespace are swapped, the namespace is the secret. */
const problemsWith = (pairs: readonly Pair[]): readonly string[] => {
  const malformed = pairs.flatMap(([key, namespace], index) =>
    key !== "" && /^[\w.-]{1,64}$/.test(namespace) ? [] : [`${FORM}, and entry ${index + 1} of ${pairs.length} does not; ${NAMESPACE}`],
  );
  if (malformed.length > 0) return first(malformed);
  const withKey = positionsBy(pairs, 0);
  const inNamespace = positionsBy(pairs, 1);
  const repeated = pairs.flatMap(([key, namespace], index) => {
    const [earliest = index] = withKey.get(key) ?? [];
    if (earliest < index) return [`repeats the key of entry ${earliest + 1} in entry ${index + 1}`];
    const positions = inNamespace.get(namespace) ?? [];
    return positions[2] === index
      ? [`has ${positions.length} keys in the namespace of entry ${index + 1}; at most two are allowed, the old and the new one`]
      : [];
  });
  return first(repeated);
};

const first = (sentences: readonly string[]): readonly string[] =>
  sentences.length > TOLD ? [...sentences.slice(0, TOLD), `has ${sentences.length - TOLD} more problems of this kind`] : sentences;

/** The positions of each key, or of each namespace. */
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
  variables: [{ field: "value", suffix: "", secret: true, required: true }],
  schema: () =>
    z.custom<VariableTexts>().transform((texts, context) => {
      const pairs = pairsIn(texts["value"] ?? "");
      const problems = problemsWith(pairs);
      if (problems.length > 0) return refuse(context, ...problems.map((sentence) => ({ sentence })));
      return ApiKeys.from(pairs, ([key, namespace]) => ({ key: new Secret(key), namespace })) as ApiKeys;
    }),
  example: () => ({ value: "fake-key-0123456789:fake" }),
  secrets: (keys) => keys.map(({ key }) => key.reveal()),
  weaknesses: (keys) =>
    first(
      keys.flatMap(({ key }, index) => {
        if (isPlaceholder(key.reveal())) return [`has a key in entry ${index + 1} that looks like a placeholder or is easy to guess`];
        return key.reveal().length < SHORTEST ? [`has a key of fewer than ${SHORTEST} characters in entry ${index + 1}`] : [];
      }),
    ),
});

/**
 * The keys that this app's own API accepts: `API_KEYS="key:namespace,key:namespace"`, parsed to `{ key: Secret, namespace }[]` with `match()`.
 * Rejects duplicate keys, more than two keys in a namespace and, in production, short keys and placeholders.
 */
export const apiKeys: Builder<object, ApiKeys, "apiKeys"> = builderOf(apiKeysKind);
