import { crypto } from "./internal/crypto";

const MASK = "***";
const inspect = Symbol.for("nodejs.util.inspect.custom");
const isSecret = Symbol.for("endow.secret");

/**
 * A value that prints as `***` everywhere: string templates, JSON, `util.inspect`, loggers. Only `reveal()` returns it.
 * The value is in a private field, so there is no property to enumerate, and `structuredClone` returns an empty object.
 * Compare with `equals()`: `assert.deepStrictEqual` considers any two secrets equal.
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** Returns the value itself. Pass it straight to the client that needs it. */
  reveal(): T {
    return this.#value;
  }

  /**
   * Whether both hold the same value. Texts are compared in constant time; other values by type and content, like
   * `util.isDeepStrictEqual`, with nested secrets revealed.
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

/** Whether a value is a `Secret`, from any copy of this package. */
export const isSecretValue = (value: unknown): value is Secret<unknown> => typeof value === "object" && value !== null && isSecret in value;

/** Compares other texts with a given one in constant time: the timing reveals neither where they differ nor their lengths. */
export const equalTo = (text: string): ((other: string) => boolean) => {
  const wanted = digest(text);
  return (other) => crypto().timingSafeEqual(digest(other), wanted);
};

/** Whether two texts are equal, compared in constant time. */
export const sameText = (a: string, b: string): boolean => equalTo(a)(b);

const digest = (value: string) => crypto().createHash("sha256").update(value).digest();

/** A copy with every secret replaced by its value: secrets have no properties that a comparison could tell apart. */
const revealed = (value: unknown): unknown => {
  if (isSecretValue(value)) return revealed(value.reveal());
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(revealed);
  if (value instanceof Map) return new Map(Array.from(value, ([key, part]) => [revealed(key), revealed(part)]));
  if (value instanceof Set) return new Set(Array.from(value, revealed));
  const parts = Object.entries(value).map(([key, part]) => [key, revealed(part)]);
  // Dates and similar objects have no properties, and a copy would lose their internal value.
  return parts.length === 0
    ? value
    : Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(Object.fromEntries(parts)));
};
