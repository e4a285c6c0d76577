/** Members passed to the core, each with whether the core has read it. */
export type Watch = Map<string, boolean>;

/**
 * Wraps an object and records which members are read: every member of a contract must have a reader. Functions wrap their results themselves where
 * those are watched too.
 *
 * @param name of the contract: `Lease`
 */
export const watched = <T extends object>(watch: Watch, name: string, object: T): T => {
  for (const key of Object.keys(object)) watch.set(`${name}.${key}`, watch.get(`${name}.${key}`) ?? false);
  return new Proxy(object, {
    get: (target, key, receiver) => {
      if (typeof key === "string" && Object.hasOwn(target, key)) watch.set(`${name}.${key}`, true);
      return Reflect.get(target, key, receiver) as unknown;
    },
    // A spread or a copy reads members without using them.
    ownKeys: (target) => Reflect.ownKeys(target),
  });
};

/** Members that were never read. */
export const unread = (watch: Watch): readonly string[] => [...watch].flatMap(([member, read]) => (read ? [] : [member]));
