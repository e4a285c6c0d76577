/** Memoizes a function: makes the value on the first call, with its arguments, and returns the same one afterwards. */
export const once = <T, Args extends readonly unknown[] = []>(make: (...args: Args) => T): ((...args: Args) => T) => {
  let made: { readonly value: T } | undefined;
  return (...args) => (made ??= { value: make(...args) }).value;
};
