import { refusal } from "./protocol";

/** An entry of a list: an optional scheme and user, a host with an optional port, and what follows. Takes linear time. */
const ENTRY = /^(?:([a-z][a-z0-9+-]*):\/\/)?(?:([^@]*)@)?([^/?]*)(.*)$/is;

/**
 * Joins a list of URLs or hosts into one URL: `nats://u:p@a:1,nats://b:2` becomes `nats://u:p@a:1,b:2`. The scheme and the user of the
 * first entry apply to all entries.
 *
 * @param scheme for hosts without a scheme
 */
export const joinedList = (text: string, scheme: string, separator: RegExp): string => {
  const entries = text.split(separator).map((entry) => {
    const [, own, user, host = "", tail = ""] = ENTRY.exec(entry) ?? [];
    return { scheme: own?.toLowerCase(), user, host, tail };
  });
  const [first] = entries;
  for (const { scheme: own, user } of entries) {
    if (own !== undefined && own !== first?.scheme)
      throw refusal("has different schemes in one list", "write the same scheme before each host");
    if (user !== undefined && user !== first?.user) {
      throw refusal(
        "has different user names or passwords in one list",
        "write the user name and the password once, before the first host",
      );
    }
  }
  const user = first?.user === undefined ? "" : `${first.user}@`;
  const tail = entries.at(-1)?.tail ?? "";
  return `${first?.scheme ?? scheme}://${user}${entries.map(({ host }) => host).join(",")}${tail}`;
};
