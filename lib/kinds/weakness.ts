const placeholders = new Set([
  "changeme",
  "change-me",
  "change_me",
  "secret",
  "password",
  "passwd",
  "test",
  "testing",
  "example",
  "sample",
  "demo",
  "dummy",
  "fake",
  "foo",
  "bar",
  "admin",
  "root",
  "todo",
  "tbd",
  "none",
  "null",
  "undefined",
  "default",
  "placeholder",
  "letmein",
  "qwerty",
  "key",
  "token",
  "apikey",
  "api-key",
  "api_key",
  "xxx",
]);

/** Whether a text is a placeholder for a secret: `changeme`, `your-api-key`, `<token>`, `xxxxxxxx`, `12345678`. */
export const isPlaceholder = (value: string): boolean => {
  const plain = value.trim().toLowerCase();
  return (
    placeholders.has(plain) ||
    placeholders.has(/^.*[^\d!._-]/s.exec(plain)?.[0] ?? "") ||
    /^(your|my|some|insert|enter|replace|put|fake|dummy|example|sample|placeholder)[-_ ]/.test(plain) ||
    /^change[-_ ]?(me|this|it)/.test(plain) ||
    (/^[<[{(].*[>\]})]$/.test(plain) && !plain.includes('"')) ||
    new Set(plain).size < 4 ||
    "01234567890123456789".includes(plain) ||
    "abcdefghijklmnopqrstuvwxyz".includes(plain)
  );
};
