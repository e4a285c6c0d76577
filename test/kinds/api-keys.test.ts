import assert from "node:assert/strict";
import { apiKeys, fake, loadSync, settings } from "../../lib/index";
import { errorOf, everythingIn } from "../support/errors";

const shared = settings("shared", { apiKeys: apiKeys() });
const load = (API_KEYS: string, environment = "development") => loadSync(shared, { env: { API_KEYS }, environment }).apiKeys;
const refusals = (text: string, environment?: string) => {
  const error = errorOf(() => load(text, environment));
  for (const word of text.split(/[,:\s]+/).filter((part) => part.length > 3))
    assert.ok(!everythingIn(error).includes(word), `${word} is told`);
  return error.problems.map(({ message }) => message);
};

const ONE = "q7Rj2mXw9TzK4vLp";
const TWO = "Zb8nYc3Hs6Df1GgQ";
const THREE = "mP5kVx0WtRr4Jj9A";

describe("API keys", () => {
  it("are pairs of a key and a namespace", () => {
    const keys = load(` ${ONE}:web , ${TWO}:mobile.app_2-x`);
    assert.deepEqual(
      keys.map(({ key, namespace }) => [key.reveal(), namespace]),
      [
        [ONE, "web"],
        [TWO, "mobile.app_2-x"],
      ],
    );
    assert.ok(Array.isArray(keys));
    assert.equal(JSON.stringify(keys), '[{"key":"***","namespace":"web"},{"key":"***","namespace":"mobile.app_2-x"}]');
  });

  it("may have colons in a key", () => assert.equal(load("a:b:web")[0]?.key.reveal(), "a:b"));

  it("find the namespace of a client's key", () => {
    const keys = load(`${ONE}:web,${TWO}:mobile`);
    assert.equal(keys.match(ONE), "web");
    assert.equal(keys.match(TWO), "mobile");
    for (const wrong of ["", "x", ONE.slice(1), `${ONE} `, "web", undefined]) assert.equal(keys.match(wrong), undefined);
  });

  it("may have an old and a new key per namespace, but no third", () => {
    const keys = load(`${ONE}:web,${TWO}:web`);
    assert.deepEqual([keys.match(ONE), keys.match(TWO)], ["web", "web"]);
    assert.deepEqual(refusals(`${ONE}:nameA,${TWO}:nameA,x:other,${THREE}:nameA,y:nameA`), [
      "API_KEYS has 4 keys in the namespace of entry 4; at most two are allowed, the old and the new one",
    ]);
  });

  it("are rejected if a key is repeated, in any namespace", () => {
    assert.deepEqual(refusals(`${ONE}:web1,x:abcd,${ONE}:mobile`), ["API_KEYS repeats the key of entry 1 in entry 3"]);
    assert.deepEqual(refusals(`${ONE}:web1,${ONE}:web1,${ONE}:web1`).length, 2);
  });

  it("report the first ten of many problems, and the number of the others", () => {
    const messages = refusals(",".repeat(99));
    assert.deepEqual([messages.length, messages[10]], [11, "API_KEYS has 90 more problems of this kind"]);
  });

  for (const text of ["justakey", ":web1", `${ONE}:`, `${ONE}:two words`, `${ONE}:web1,`, ",", `${ONE}:${"n".repeat(65)}`]) {
    it(`are rejected in the form ${JSON.stringify(text.replace(ONE, "<key>").slice(0, 20))}`, () => {
      assert.match(refusals(text).join(), /^API_KEYS must have the form "key:namespace,key:namespace", and entry \d of \d does not;/);
    });
  }

  it("are rejected in production if short or a placeholder, identified by position only", () => {
    assert.deepEqual(refusals(`${ONE}:web1,k7Gq2vXp:mobile,change-me-in-production:batch`, "production"), [
      "API_KEYS has a key of fewer than 16 characters in entry 2, which production refuses",
      "API_KEYS has a key in entry 3 that looks like a placeholder or is easy to guess, which production refuses",
    ]);
    assert.deepEqual(
      refusals(Array.from({ length: 99 }, (_, index) => `change-me-${index}:client-${index}`).join(","), "production").slice(9),
      [
        "API_KEYS has a key in entry 10 that looks like a placeholder or is easy to guess, which production refuses",
        "API_KEYS has 89 more problems of this kind, which production refuses",
      ],
    );
    assert.equal(load("changeme:mobile", "test").length, 1);
    assert.equal(load(`${ONE}:web`, "production").length, 1);
  });

  it("never quote a key in the place of its namespace", () => {
    assert.equal(refusals(`web1:${ONE},mobile:${TWO}`, "production").length, 2);
    assert.equal(refusals(`a:${ONE},b:${ONE},c:${ONE}`).length, 1);
  });

  it("have an example, for tests", () => assert.equal(fake(shared).apiKeys.match("fake-key-0123456789"), "fake"));
});
