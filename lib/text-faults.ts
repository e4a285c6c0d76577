/** A fault that a value acquired on its way to this process, and its fix. The sentence follows the variable's name. */
export interface TextFault {
  readonly sentence: string;
  readonly fix: string;
}

const NOT_EXPANDED = "write the value itself: nothing expanded the reference";

/** Faults of secrets and of URLs. */
export const faults = {
  quotes: { sentence: "has quotes around it", fix: "remove the quotes: `docker --env-file` and many dashboards keep them" },
  carriageReturn: { sentence: "ends with a carriage return", fix: "save the file that it comes from with Unix line endings (LF)" },
  reference: { sentence: "contains an unexpanded ${...}", fix: NOT_EXPANDED },
  lineBreak: { sentence: "ends with a line break", fix: "remove the line break: `echo` adds one, `printf %s` does not" },
} as const satisfies Readonly<Record<string, TextFault>>;

/** `${NAME}`, also with a default: `${NAME:-text}`. */
const REFERENCE = /\$\{[A-Za-z_]\w*(?::?[-=?+][^}]{0,200})?\}/;

/**
 * Finds a fault that a shell, an editor or a reader of `.env` files left in a value: quotes around it, a line break at the end, or a reference.
 * Text on several lines, such as a PEM key, may end in a line break.
 */
export const textFault = (text: string): TextFault | undefined => {
  if (text.length > 1 && /^(["'`]).*\1$/s.test(text)) return faults.quotes;
  const [, end = ""] = /^[^\r\n]*([\r\n]+)$|[^\n](\r)$/.exec(text)?.filter(Boolean) ?? [];
  if (end !== "") return end.startsWith("\r") ? faults.carriageReturn : faults.lineBreak;
  if (REFERENCE.test(text)) return faults.reference;
  if (/^\$[A-Z_][A-Z\d_]+$/.test(text)) return { sentence: "is an unexpanded $NAME", fix: NOT_EXPANDED };
  if (/^\$\(.*\)$/s.test(text)) return { sentence: "is an unexpanded $(...)", fix: NOT_EXPANDED };
  return undefined;
};
