import { once } from "./internal/once";

/** Shorter values would match in ordinary text. */
const SHORTEST = 3;

/**
 * Masks secrets in text from other programs: whole values, their single lines, and the passwords of URLs.
 *
 * @param values of variables that hold secrets
 */
export const maskOf = (values: readonly string[]): ((text: string) => string) => {
  // Built on first use: most runs have nothing to mask.
  const find = once(() => finderOf(new Set(values.flatMap(secretsIn).filter(({ length }) => length >= SHORTEST))));
  return (text) => {
    let masked = "";
    let at = 0;
    for (const { start, end } of merged(find()(text))) {
      masked += `${text.slice(at, start)}***`;
      at = end;
    }
    return masked + text.slice(at);
  };
};

const secretsIn = (value: string): readonly string[] => [value, ...value.split(/\r?\n/), ...passwordsOf(value)];

/** The password of a URL, as written and decoded. `new URL()` supports neither lists of hosts nor every scheme. */
export const passwordsOf = (value: string): readonly string[] => {
  const start = value.indexOf("://");
  if (start === -1) return [];
  const [, authority = "", query = ""] = /^([^/?#]*)[^?]*\??(.*)$/s.exec(value.slice(start + 3)) ?? [];
  const user = authority.slice(0, Math.max(authority.lastIndexOf("@"), 0));
  const colon = user.indexOf(":");
  const inFront = colon === -1 ? "" : user.slice(colon + 1);
  return [inFront, ...keysIn(query)].filter((text) => text !== "").flatMap((text) => [...new Set([text, decoded(text)])]);
};

/** The credentials in a query: `password` of JDBC, `api_key` of Prisma. */
const keysIn = (query: string): readonly string[] =>
  query
    .split("&")
    .flatMap((pair) => (/^(?:password|passwd|pass|pwd|api_?key|token|secret)=/i.test(pair) ? [pair.slice(pair.indexOf("=") + 1)] : []));

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // A literal percent sign.
    return text;
  }
};

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Merges overlapping spans. */
const merged = (spans: readonly Span[]): readonly Span[] => {
  const apart: Span[] = [];
  for (const span of spans) {
    let { start } = span;
    for (let last = apart.at(-1); last && last.end > start; last = apart.at(-1)) {
      start = Math.min(start, last.start);
      apart.pop();
    }
    apart.push({ start, end: span.end });
  }
  return apart;
};

/**
 * Finds many words in a text in one pass (Aho-Corasick); searching for each word in turn would take time proportional to words times text length.
 * Of several words that end at the same position, only the longest is reported.
 */
const finderOf = (words: ReadonlySet<string>): ((text: string) => readonly Span[]) => {
  // A node is a prefix of a word. Edges are keyed by node and next character. For each node: its longest proper suffix that is a node, and the
  // length of the longest word that ends there.
  const edges = new Map<number, number>();
  const [fallback, longest] = [[0], [0]];
  const step = (from: number, text: string, index: number): number => {
    for (let node = from; ; node = fallback[node] ?? 0) {
      const next = edges.get(edge(node, text, index));
      if (next !== undefined || node === 0) return next ?? 0;
    }
  };
  // Breadth first: shorter prefixes exist before longer ones need them.
  let growing = Array.from(words, (word) => ({ word, node: 0 }));
  for (let depth = 0; growing.length > 0; depth++) {
    for (const one of growing) {
      const { word, node } = one;
      const key = edge(node, word, depth);
      const ending = node === 0 ? 0 : step(fallback[node] ?? 0, word, depth);
      one.node = edges.get(key) ?? fallback.length;
      if (!edges.has(key)) {
        edges.set(key, one.node);
        fallback.push(ending);
        longest.push(longest[ending] ?? 0);
      }
      if (word.length === depth + 1) longest[one.node] = word.length;
    }
    growing = growing.filter(({ word }) => word.length > depth + 1);
  }
  return (text) => {
    const spans: Span[] = [];
    let node = 0;
    for (let index = 0; index < text.length; index++) {
      node = step(node, text, index);
      const length = longest[node] ?? 0;
      if (length > 0) spans.push({ start: index + 1 - length, end: index + 1 });
    }
    return spans;
  };
};

const edge = (node: number, text: string, index: number): number => node * 65_536 + text.charCodeAt(index);
