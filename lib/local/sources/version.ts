import type { Unavailable } from "./source";

/** Whether a version satisfies the requested one: `"7.0.15"` satisfies `"7"` and `"7.0"`, not `"70"`; any version satisfies `undefined`. */
export const isVersion = (version: string, asked: string | undefined): boolean =>
  asked === undefined || version === asked || version.startsWith(`${asked}.`);

/** Returns why a program's version is rejected; `undefined` if it satisfies the request. */
export const otherVersion = (version: string, asked: string | undefined): Unavailable | undefined =>
  isVersion(version, asked) ? undefined : { reason: `it has version ${version}, not ${asked}`, version };

/** Compares number by number: `"7.0.15"` is at least `"7.0"`. Anything that is not a number counts as 0. */
export const isAtLeast = (version: string, oldest: string): boolean => {
  const [have, need] = [version, oldest].map((text) => text.split(".").map((part) => Number.parseInt(part, 10) || 0)) as [
    number[],
    number[],
  ];
  const differs = need.findIndex((part, index) => part !== (have[index] ?? 0));
  return differs === -1 || (have[differs] ?? 0) > (need[differs] ?? 0);
};
