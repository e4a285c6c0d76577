import { once } from "./internal/once";

/** Shorter ones would be found in any sentence. */
const SHORTEST = 3;

/**
 * Masks values in texts that are not ours: whole, by their lines, and the passwords of URLs.
 *
 * @param values of variables that hold secrets
 */
export const maskOf = (values: readonly string[]): ((text: string) => string) => {
  // Made when first asked for: most runs have nothing to mask.
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

/** As it stands in a URL, and decoded. */
export const passwordsOf = (value: string): readonly string[] => {
  const password = URL.canParse(value) ? new URL(value).password : "";
  if (password === "") return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    // A percent sign that encodes nothing: then it stands there as it is.
    return [password];
  }
};

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Without overlaps. */
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
 * Finds all of many words in a text in one pass, as Aho and Corasick do: a search for each in turn would take the number of words times the length of
 * the text. Where several end at one place, the longest.
 */
const finderOf = (words: ReadonlySet<string>): ((text: string) => readonly Span[]) => {
  // A node is a beginning of a word. Edges by node and next character; for each node the longest of its endings that is a node, and a word.
  const edges = new Map<number, number>();
  const [fallback, longest] = [[0], [0]];
  const step = (from: number, text: string, index: number): number => {
    for (let node = from; ; node = fallback[node] ?? 0) {
      const next = edges.get(edge(node, text, index));
      if (next !== undefined || node === 0) return next ?? 0;
    }
  };
  // All words at once, character by character: a shorter node is there before a longer one needs it.
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
