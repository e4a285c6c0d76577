/** Encodes everything except RFC 3986 unreserved characters: `encodeURIComponent` keeps `!'()*`, and URLSearchParams writes `+` for a space. */
export const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
