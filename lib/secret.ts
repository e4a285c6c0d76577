import { crypto } from "./crypto";

const MASK = "***";
const inspect = Symbol.for("nodejs.util.inspect.custom");
const isSecret = Symbol.for("endow.secret");

/**
 * A value that prints as `***` wherever it goes: string templates, JSON, `util.inspect`, loggers. Only `reveal()` gives it.
 * The value sits in a private field, so there is no property to enumerate, and `structuredClone` gives an empty object.
 * Compare with `equals()`: `assert.deepStrictEqual` holds any two secrets for equal.
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. Hand it straight to the client that needs it. */
  reveal(): T {
    return this.#value;
  }

  /** Whether both hold the same value; takes the same time whether they do or not. Values that are not text compare as JSON. */
  equals(other: Secret<T> | T): boolean {
    const theirs = isSecretValue(other) ? other.reveal() : other;
    return sameText(text(this.#value), text(theirs));
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  get [Symbol.toStringTag](): string {
    return "Secret";
  }

  get [isSecret](): true {
    return true;
  }

  [inspect](): string {
    return MASK;
  }
}

/** Whether a value is a `Secret`, from this copy of the package or from another. */
export const isSecretValue = (value: unknown): value is Secret<unknown> => typeof value === "object" && value !== null && isSecret in value;

/** Compares in a time that says nothing about where two texts differ, or about their lengths. */
export const sameText = (a: string, b: string): boolean => crypto().timingSafeEqual(digest(a), digest(b));

const digest = (value: string) => crypto().createHash("sha256").update(value).digest();

const text = (value: unknown): string =>
  typeof value === "string"
    ? value
    : (JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? `${part}n` : part)) ?? "undefined");
