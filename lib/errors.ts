/** A single problem, with enough detail to fix it. Never contains a secret's value. */
export interface Problem {
  /** Stable code, for programs and for searching: `SETTING_MISSING`. */
  readonly code: string;
  /** Where: a variable (`DATABASE_URL`), a setting (`shared.databaseUrl`), a file or a flag. */
  readonly path: string;
  /** One sentence: what is wrong, and what is allowed. */
  readonly message: string;
  /** How to fix it. */
  readonly fix: string;
}

/** Every error that endow throws on purpose: a stable `code`, and all the `problems` found, not only the first. */
export class EndowError extends Error {
  /** Stable code, for programs and for searching: `SETTINGS_INVALID`. Compare it instead of the class: each copy of the package has its own. */
  readonly code: string;
  /** All problems found, each with its fix. The message lists them too. */
  readonly problems: readonly Problem[];

  constructor(code: string, heading: string, problems: readonly Problem[] = []) {
    super([heading, ...problems.map(line)].join("\n"));
    this.name = "EndowError";
    this.code = code;
    this.problems = problems;
  }
}

/** Thrown by `settings()` for a declaration and by `load()` for values: all problems in one error. */
export class SettingsError extends EndowError {
  constructor(code: string, heading: string, problems: readonly Problem[]) {
    super(code, heading, problems);
    this.name = "SettingsError";
  }
}

/**
 * An error with a single problem: `fault("PORT_TAKEN", "port 5432 is used by another program", "choose another port")`.
 * Works across two copies of the package, where `instanceof` does not: compare `error.code`.
 */
export const fault = (code: string, message: string, fix: string, path = ""): EndowError => {
  const error = new EndowError(code, `${message}\n  fix: ${fix}`);
  return Object.assign(error, { problems: [{ code, path, message, fix }] });
};

/** Removes duplicate problems: the plan and `load()`, or two servers on one full disk, can report the same one. */
export const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem])).values(),
];

/** The stable code of any error: endow's, or Node's (`ENOENT`). */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : undefined;

const line = ({ message, fix }: Problem) => `  - ${message}\n      fix: ${fix}`;
