/** Memoizes a function: makes the value on the first call and returns the same one afterwards. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};
