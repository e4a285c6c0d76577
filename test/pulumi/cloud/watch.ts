/** Members that were given to the core, each with whether it has read it. */
export type Watch = Map<string, boolean>;

/**
 * The object, noting which of its members are read: a contract has no member that nobody reads. Members of functions' results are watched where
 * the functions say so themselves.
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
    // A spread or a copy reads what it has no need of.
    ownKeys: (target) => Reflect.ownKeys(target),
  });
};

/** Members that nobody has read. */
export const unread = (watch: Watch): readonly string[] => [...watch].flatMap(([member, read]) => (read ? [] : [member]));
