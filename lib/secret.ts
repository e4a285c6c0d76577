import { crypto } from "./internal/crypto";

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

  /**
   * Whether both hold the same value. Two texts take the same time whether they are equal or not; anything else compares by type and
   * content, like `util.isDeepStrictEqual`, with the secrets inside revealed.
   */
  equals(other: Secret<T> | T): boolean {
    const [mine, theirs] = [revealed(this.#value), revealed(other)];
    return typeof mine === "string" && typeof theirs === "string"
      ? sameText(mine, theirs)
      : process.getBuiltinModule("node:util").isDeepStrictEqual(mine, theirs);
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

/** Compares texts with one, each in a time that says nothing about where the two differ, or about their lengths. */
export const equalTo = (text: string): ((other: string) => boolean) => {
  const wanted = digest(text);
  return (other) => crypto().timingSafeEqual(digest(other), wanted);
};

/** Whether two texts are the same, compared in such a time. */
export const sameText = (a: string, b: string): boolean => equalTo(a)(b);

const digest = (value: string) => crypto().createHash("sha256").update(value).digest();

/** A copy with every secret in it replaced by what it holds: two secrets have no property in which a comparison could see them differ. */
const revealed = (value: unknown): unknown => {
  if (isSecretValue(value)) return revealed(value.reveal());
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(revealed);
  if (value instanceof Map) return new Map(Array.from(value, ([key, part]) => [revealed(key), revealed(part)]));
  if (value instanceof Set) return new Set(Array.from(value, revealed));
  const parts = Object.entries(value).map(([key, part]) => [key, revealed(part)]);
  // A date and the like have no properties, and keep what they hold where no copy would find it.
  return parts.length === 0
    ? value
    : Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(Object.fromEntries(parts)));
};
