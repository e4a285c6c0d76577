/** A file of variables, such as `.env.local`. */
export interface DotenvText {
  readonly name: string;
  readonly text: string;
}

/** Values by variable. */
export type Values = ReadonlyMap<string, string>;

/** A variable's value and its file. */
export interface Reading {
  readonly file: string;
  readonly value: string;
}

/** How a library reads dotenv files. */
export interface Dialect {
  /** The library's usual name: `python-dotenv`. */
  readonly name: string;
  /**
   * Reads files as the library does.
   *
   * @param files in order of precedence
   * @param env the process's variables, which values can refer to
   */
  readonly read: (files: readonly DotenvText[], env: Environment) => ReadonlyMap<string, Reading>;
}

/** A process's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A copy without what every object inherits: a file may refer to `$constructor`. */
export const ownOnly = (env: Environment): Record<string, string | undefined> =>
  Object.assign<Record<string, string | undefined>, Environment>(Object.create(null), env);

type Parse = (text: string) => Values;

/** Resolves the references of a file's values. */
export type Expand = (values: Values, env: Environment) => Values;

/** Reads one file after another. A file's references see the values of earlier files, which count as the process's own. */
export const fileByFile =
  (parse: Parse, expand: Expand = (values) => values): Dialect["read"] =>
  (files, env) => {
    const readings = new Map<string, Reading>();
    const known = ownOnly(env);
    for (const { name: file, text } of files)
      for (const [name, value] of expand(parse(text), known)) {
        if (!readings.has(name)) readings.set(name, { file, value });
        known[name] ??= value;
      }
    return readings;
  };

/** Reads all files into one set of values before resolving references. */
export const merged =
  (parse: Parse, expand: Expand): Dialect["read"] =>
  (files, env) => {
    const readings = new Map<string, Reading>();
    for (const { name: file, text } of files.toReversed()) for (const [name, value] of parse(text)) readings.set(name, { file, value });
    const values = new Map([...readings].map(([name, { value }]) => [name, value]));
    return new Map([...expand(values, ownOnly(env))].map(([name, value]) => [name, { file: readings.get(name)?.file ?? "", value }]));
  };
