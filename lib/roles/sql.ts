/** Quotes an SQL identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Quotes an SQL string literal, for servers with standard_conforming_strings on. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
