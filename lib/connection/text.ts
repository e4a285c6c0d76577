import { faults as textFaults } from "../text-faults";
import { refusal } from "./protocol";

/** Rejects faults of the text as a whole, before it is parsed. Every pattern takes linear time. */
export const checkText = (text: string, pattern: string): void => {
  for (const [found, sentence, fix] of faults) if (found(text)) throw refusal(sentence, fix(pattern));
};

type Fault = readonly [found: (text: string) => boolean, sentence: string, fix: (pattern: string) => string];

const matches = (expression: RegExp) => (text: string) => expression.test(text);

/** A fault that other values can have too. */
const shared = (fault: keyof typeof textFaults) => [textFaults[fault].sentence, () => textFaults[fault].fix] as const;

/** In this order: an earlier fault often causes a later one. */
const faults: readonly Fault[] = [
  [(text) => text === "", "must not be empty", () => "set it, or remove the variable"],
  [matches(/\r\n?$/), ...shared("carriageReturn")],
  [(text) => text.endsWith("\n"), ...shared("lineBreak")],
  [
    matches(/^(?:export |set |ENV )?[A-Za-z_][A-Za-z0-9_]*=["'`]?[a-z][a-z0-9+.:-]*:\/\//),
    "starts with the name of a variable",
    () => "set only what follows the =",
  ],
  [
    matches(/^(?:psql|pg_dump|pgcli|redis-cli|valkey-cli|mysql|mysqlsh|mongosh|mongo|nats|curl) /),
    "is a command",
    () => "set only the URL inside the command, without the quotes",
  ],
  [(text) => QUOTES.has(text[0] ?? "") || QUOTES.has(text.at(-1) ?? ""), ...shared("quotes")],
  [
    (text) => /^\w+ ?= ?\S/.test(text) && !text.includes("://"),
    "is a keyword=value string, not a URL",
    (pattern) => `write it as ${pattern}, or name a variable for each part`,
  ],
  [
    (text) => /@(?:tcp|unix)\(/.test(text),
    "is a DSN of Go's MySQL driver, not a URL",
    (pattern) => `write it as ${pattern}, or declare the variable with secret()`,
  ],
  [(text) => text.trim() !== text, "has white space before or after it", () => "remove the white space"],
  [(text) => text.includes("${"), ...shared("reference")],
  [
    matches(/\$\(|\{\{|<%/),
    "contains a template that was not filled in, such as {{ name }}",
    () => "write the value itself; in a password, write $ as %24, ( as %28, { as %7B and < as %3C",
  ],
  [(text) => text.includes(" "), "contains a space", () => "remove it, or write it as %20 in a user name or password"],
  [(text) => /[\r\n]/.test(text), "contains a line break", () => "set the URL on one line"],
  [
    (text) => /[\s\p{Cc}\p{Cs}]/u.test(text),
    "contains white space, a control character or text that is not valid Unicode",
    () => "remove it; it was probably copied along with the URL",
  ],
  [
    (text) => /%(?![0-9a-f]{2})/i.test(text),
    "has a % without two hexadecimal digits after it",
    () => "write % as %25 in a user name or password",
  ],
];

const QUOTES = new Set(['"', "'", "`", "“", "”", "‘", "’"]);

/** Whether a part is a placeholder that no URL can contain unencoded, or a mask: `<password>`, `[YOUR-PASSWORD]`, `*****`. */
export const isMarked = (part: string): boolean =>
  (/^[<[{]/.test(part) && /[>\]}]$/.test(part)) || (part.length >= 3 && /^(?:\*+|\u2022+|\.{3,}|\u2026+)$/.test(part));

/** Whether a host is a placeholder: `HOST`, `YOUR_HOST`, `your-server.com`, `xxxx`. */
export const isPlaceholderHost = (host: string): boolean =>
  // Not an address, which has dots or colons in its brackets.
  (isMarked(host) && !/^\[[^:.]*[:.]/.test(host)) ||
  /^(?:(?:YOUR|MY|DB|DATABASE|SERVER)[_-]?)?(?:HOST|HOSTNAME|SERVER|ADDRESS|DOMAIN|ENDPOINT|IP)$/.test(host) ||
  /^your[._-]/i.test(host) ||
  /^x{3,}$/i.test(host);
