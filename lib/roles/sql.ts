/** A name as SQL wants it quoted. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as SQL wants it quoted, for servers with standard_conforming_strings on. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
