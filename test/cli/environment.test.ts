import assert from "node:assert/strict";
import fc from "fast-check";
import { parseEnvironment } from "../../lib/cli/environment";
import { environmentTypes } from "../../lib/environment";
import { errorOf } from "../support/errors";

describe("--environment", () => {
  it("accepts a name that implies a type, or a name with a type", () => {
    assert.deepEqual(parseEnvironment("staging"), { name: "staging", type: "test" });
    assert.deepEqual(parseEnvironment("shop-eu=production"), { name: "shop-eu", type: "production" });
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9][\w.-]*$/), fc.constantFrom(...environmentTypes), (name, type) =>
        assert.deepEqual(parseEnvironment(`${name}=${type}`), { name, type }),
      ),
    );
  });

  for (const text of ["", "=test", "../../x=development", "-x=test", "my env=test", ".", "a/b", "qa\n=test"])
    it(`refuses the name of ${JSON.stringify(text)}`, () => assert.equal(errorOf(() => parseEnvironment(text)).code, "ENVIRONMENT_NAME"));

  for (const text of ["qa=", "qa=foo", "qa=development=x", "qa=Test"])
    it(`lists the types for ${text}`, () => {
      const { code, message } = errorOf(() => parseEnvironment(text));
      assert.equal(code, "ENVIRONMENT_UNKNOWN");
      assert.match(message, /must be one of production, test, development, preview\n {2}fix: .*--environment qa=test$/);
      assert.doesNotMatch(message, /staging/);
    });

  it("shows how to give a name's type on a command line", () => {
    const { code, message } = errorOf(() => parseEnvironment("qa"));
    assert.equal(code, "ENVIRONMENT_UNKNOWN");
    assert.match(message, /--environment qa=test$/);
    assert.doesNotMatch(message, /[{}]/);
  });
});
