/** An object's own property under an untrusted name: `undefined` for `constructor`, which every object inherits. */
export const ownValue = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** Like `Object.entries`, but includes a literal `__proto__: {...}`, which JavaScript turns into the object's prototype. */
export const writtenEntries = <T>(record: Readonly<Record<string, T>>): readonly (readonly [string, T])[] => {
  const prototype = Object.getPrototypeOf(record) as T | null;
  return [...Object.entries(record), ...(Object.keys(prototype ?? {}).length > 0 ? [["__proto__", prototype as T] as const] : [])];
};
