import { isDeepStrictEqual } from "node:util";
import { holdsUnknown, type Properties, type Received } from "./marshal";

export type Change = "add" | "delete" | "update";

/**
 * Changed inputs, by name. An input that is not known yet counts as changed, and so does one that has become secret, because the state must now
 * encrypt it.
 * @param encrypted names of the properties that the state keeps encrypted
 */
export const changedInputs = (old: Properties, encrypted: ReadonlySet<string>, news: Received): ReadonlyMap<string, Change> => {
  const names = new Set([...Object.keys(old), ...Object.keys(news.properties)]);
  const changed = [...names].filter((name) => {
    const value = news.properties[name];
    return holdsUnknown(value) || !isDeepStrictEqual(old[name], value) || (news.secrets.has(name) && !encrypted.has(name));
  });
  return new Map(changed.map((name) => [name, changeOf(name, old, news.properties)]));
};

const changeOf = (name: string, old: Properties, news: Properties): Change =>
  !Object.hasOwn(old, name) ? "add" : !Object.hasOwn(news, name) ? "delete" : "update";
