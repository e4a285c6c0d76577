import * as fc from "fast-check";

const LENGTH = { minLength: 1, maxLength: 128 };

/** User names and passwords: printable ASCII, the special characters of URLs, any Unicode, line breaks. */
export const credential = fc.oneof(
  fc.string({ ...LENGTH, unit: "grapheme-ascii" }),
  fc.string({ ...LENGTH, unit: fc.constantFrom(...Array.from("@:/?#%$&+ \"'=;,![]()*~^|\\{}<>`\n\t0aZéß漢😀")) }),
  fc.string({ ...LENGTH, unit: "binary" }).filter((text) => !text.includes("\0")),
);

export const host = fc.oneof(
  fc.constantFrom("localhost", "db_1", "cache.internal.svc.cluster.local", "::1", "fe80::1"),
  fc.domain().map((name) => name.toLowerCase()),
  fc.ipV4(),
  fc.ipV6(),
);

/** The host as every client reports it: IPv6 compressed. */
export const shortened = (host: string): string => (host.includes(":") ? new URL(`net://[${host}]`).hostname.slice(1, -1) : host);

export const port = fc.integer({ min: 1, max: 65_535 });

export const databaseName = fc.stringMatching(/^[a-z][a-z0-9_]{0,62}$/);

export const mode = fc.constantFrom("off" as const, "require" as const, "verify-full" as const);
