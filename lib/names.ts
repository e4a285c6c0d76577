import { crypto } from "./internal/crypto";

/** `databaseUrl`, `s3_bucket`: camelCase or snake_case. */
export const settingName = /^[a-z][a-zA-Z0-9]*(_[a-z0-9]+)*$/;

/** `shared`, `web-api`. */
export const groupName = /^[a-z][a-zA-Z0-9]*([_-][a-zA-Z0-9]+)*$/;

/** A name of an environment variable that every shell and store accepts. */
export const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `databaseUrl` -> `DATABASE_URL`, `parseHTMLFile` -> `PARSE_HTML_FILE`, `web-api` -> `WEB_API`. */
export const screamingSnake = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toUpperCase();

/** A base name and a kind's suffix: `UPLOADS` + `REGION` -> `UPLOADS_REGION`; an empty suffix adds nothing. */
export const withSuffix = (base: string, suffix: string): string => (suffix === "" ? base : `${base}_${suffix}`);

/** Maximum length of a lease's name: names derived from it still fit PostgreSQL's limit of 63. */
const LONGEST_LEASE = 54;

/**
 * A database, user or bucket name from a setting's id, `[a-z][a-z0-9_]{0,53}`: `shared.databaseUrl` -> `shared_database_url`.
 * Names are unique: where the conversion loses information, or a server may reserve the name, a hash of the id is appended.
 */
export const leaseName = (id: string): string => {
  const plain = id
    .split(".")
    .map(screamingSnake)
    .join("_")
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, "_");
  const isOwn = idOf(plain) === id && plain.length <= LONGEST_LEASE && !/^(s|pg|rds|azure)_|_owner$/.test(plain);
  return isOwn ? plain : hashedLeaseName(`s_${plain}`, id);
};

/** A lease's name with the hash of a text appended. */
export const hashedLeaseName = (name: string, text: string): string => `${name.slice(0, LONGEST_LEASE - 9)}_${hash(text)}`;

/** The role that owns everything a login creates. Never the name of a lease. */
export const ownerName = (login: string): string => `${login}_owner`;

/** The only id of the usual form, `group.settingName`, that maps to a name. */
const idOf = (name: string): string => {
  const [group = "", ...words] = name.split("_");
  const [first = "", ...rest] = words;
  return `${group}.${first}${rest.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join("")}`;
};

/** `postgres`, `redis-shared-redis-url`: `[a-z][a-z0-9-]{0,40}`, which every target accepts; longer names are cut and end in a hash. */
export const serverName = (kind: string, part = ""): string => {
  const name = [kind.toLowerCase(), part.replaceAll("_", "-")].filter(Boolean).join("-");
  return name.length <= 40 ? name : hashedServerName(name, name);
};

/** A server's name with the hash of a text appended. */
export const hashedServerName = (name: string, text: string): string => `${name.slice(0, 31)}-${hash(text)}`;

/** Eight hexadecimal digits that distinguish texts; not for secrets. */
export const hash = (text: string): string => crypto().createHash("sha256").update(text).digest("hex").slice(0, 8);

/** Variables of the machine, the shell or the runtime: an app that overwrites one breaks itself or its tools. */
const taken = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "PWD",
  "OLDPWD",
  "TERM",
  "LANG",
  "TZ",
  "TMPDIR",
  "TEMP",
  "TMP",
  "HOSTNAME",
  "NODE_ENV",
  "NODE_OPTIONS",
  "NODE_PATH",
  "PYTHONPATH",
  "CI",
]);

/**
 * Whether a variable is off limits for settings. `ENDOW_` is endow's own prefix; `LD_` and `DYLD_` are the loader's. In JavaScript, `process.env` and
 * every object inherit names such as `constructor`.
 */
export const isReserved = (variable: string): boolean =>
  taken.has(variable) || variable in Object.prototype || /^(ENDOW|LD|DYLD|LC)_/.test(variable) || variable === "ENVIRONMENT";

/** The prefix of variables that frameworks copy into code for the browser, if the variable has one: `NEXT_PUBLIC_`. */
export const browserPrefix = (variable: string): string | undefined =>
  /^(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|PUBLIC|VITE|REACT_APP|VUE_APP|GATSBY)_/.exec(variable)?.[0];

const secretWords = new Set([
  "key",
  "keys",
  "apikey",
  "apikeys",
  "secret",
  "secrets",
  "token",
  "tokens",
  "password",
  "passwords",
  "passwd",
  "passphrase",
  "dsn",
  "credential",
  "credentials",
]);

/** Whether a word of a name suggests that its value is secret: `stripeApiKey`, `DB_PASSWORD`; not `monkey`. */
export const soundsSecret = (name: string): boolean =>
  screamingSnake(name)
    .toLowerCase()
    .split("_")
    .some((word) => secretWords.has(word));
