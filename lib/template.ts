import { urlHost } from "./connection/host";
import { percentEncoded } from "./connection/percent";
import { ownValue } from "./internal/own-value";
import type { VariableTexts } from "./kind";

/** How to encode a field in a template. */
export type TemplateEncoding = "raw" | "query" | "json" | "libpq" | "ado";

/** A field in a template: `{host}`, `{password:query}`. */
export interface TemplateField {
  readonly field: string;
  /** As written in the template; absent if the position decides. */
  readonly encoding?: string;
}

/** A field's name starts with a letter, so that JSON in a template needs no escapes. */
const FIELD = /\{([a-zA-Z]\w*)(?::(\w+))?\}/g;

/** The fields of a template. */
export const fieldsOf = (template: string): readonly TemplateField[] =>
  Array.from(template.matchAll(FIELD), ([, field = "", encoding]) => ({ field, ...(encoding !== undefined && { encoding }) }));

/** Fills in a template; `undefined` if a field has no text. */
export const fill = (template: string, texts: VariableTexts): string | undefined => {
  const isUrl = template.includes("://");
  const isComplete = fieldsOf(template).every(({ field }) => ownValue(texts, field) !== undefined);
  if (!isComplete) return undefined;
  const [, path] = /^\{url\}(\/[^{}?#]*)$/.exec(template) ?? [];
  if (path !== undefined) return withPath(ownValue(texts, "url") ?? "", path);
  return template.replaceAll(FIELD, (_match, field: string, encoding: string | undefined) => {
    const text = ownValue(texts, field) ?? "";
    if (encoding !== undefined) return ownValue(encodings, encoding)?.(text) ?? text;
    return isUrl ? inUrl(field, text) : text;
  });
};

/** `{url}/1`: a path goes before the query, and replaces the number of a Redis database. */
const withPath = (url: string, path: string): string => {
  const [, before = "", query = ""] = /^([^?]*)(.*)$/s.exec(url) ?? [];
  if (!/^(?:redis|valkey)s?:/.test(before)) return `${before}${path}${query}`;
  const others = query.replace(/(?<=[?&])db=\d*(?:&|$)/, "").replace(/[?&]$/, "");
  return `${before.replace(/(?<=[^/])\/\d*$/, "")}${path}${others}`;
};

/** A host keeps its brackets and colons. */
const inUrl = (field: string, text: string): string => (field === "host" ? (urlHost(text) ?? percentEncoded(text)) : percentEncoded(text));

/**
 * - `libpq`: a value of a [keyword/value string](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE).
 * - `ado`: a value of an
 *   [ADO.NET connection string](https://learn.microsoft.com/dotnet/api/system.data.common.dbconnectionstringbuilder.appendkeyvaluepair).
 */
export const encodings: Readonly<Record<TemplateEncoding, (text: string) => string>> = {
  raw: (text) => text,
  query: percentEncoded,
  json: (text) => JSON.stringify(text),
  libpq: (text) => `'${text.replaceAll(/[\\']/g, "\\$&")}'`,
  ado: (text) => (/^[\w.:/+-]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`),
};
