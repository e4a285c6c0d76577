import assert from "node:assert/strict";
import fc from "fast-check";
import { maskOf } from "../lib/mask";

describe("a mask of values", () => {
  it("covers values, their lines and the passwords of URLs, and leaves the rest unchanged", () => {
    const mask = maskOf([
      "abcdef",
      "abcdefgh",
      "-----BEGIN\nMIIB\r\n",
      "postgresql://app:p%40ss@127.0.0.1:5432/app",
      "redis://app:100%@127.0.0.1",
      "1",
      "",
    ]);
    assert.equal(mask("abcdefgh abcdef MIIB p%40ss p@ss 100% 1 done"), "*** *** *** *** *** *** 1 done");
    assert.equal(maskOf([])("abcdef"), "abcdef");
  });

  for (const url of [
    "postgresql+psycopg_async://app:p%40ss@127.0.0.1/app",
    "postgresql://app:p%40ss@a:1,b:2/app",
    "mongodb://app:p%40ss@a,b:2/app?replicaSet=rs",
    "postgresql://app:p%40ss@%2Frun%2Fpostgresql/app",
    "jdbc:postgresql://db:5432/app?user=app&password=p%40ss&ssl=true",
    "prisma+postgres://localhost:51213/?api_key=p%40ss",
  ])
    it(`covers the password of ${url}`, () => {
      assert.equal(maskOf([url])("p%40ss p@ss app"), "*** *** app");
    });

  it("covers overlapping values as one", () => {
    const mask = maskOf(["abcd", "cdef", "defg", "xyz", "yz!"]);
    assert.equal(mask("1abcdefg2xyz!3abcdabcd4"), "1***2***3******4");
  });

  it("covers every character of every value, and nothing else", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "é", "😀"), minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 8 }),
        fc.string({ unit: fc.constantFrom("a", "b", "c", "é", "😀", " "), maxLength: 60 }),
        (words, text) => {
          const covered = new Set<number>();
          for (const each of words)
            for (let at = text.indexOf(each); at !== -1; at = text.indexOf(each, at + 1))
              for (let i = 0; i < each.length; i++) covered.add(at + i);
          const rest = Array.from({ length: text.length }, (_, index) => (covered.has(index) ? "" : text.charAt(index))).join("");
          assert.equal(maskOf(words)(text).replaceAll("***", ""), rest);
        },
      ),
    );
  });
});
