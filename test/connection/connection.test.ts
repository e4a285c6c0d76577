import assert from "node:assert/strict";
import { inspect } from "node:util";
import { parseUrl } from "../../lib/connection/parse";
import { postgresProtocol } from "../../lib/connection/postgres";
import { isSecretValue } from "../../lib/secret";
import { printers } from "../support/printers";

const URL_TEXT = "postgresql://usher:opensesame@treasury.internal:6432/jewels?sslmode=verify-full";
const PARTS = /usher|opensesame|treasury|jewels|verify-full/;
const parsed = (url = URL_TEXT) => parseUrl(url, postgresProtocol);

describe("a connection", () => {
  for (const [name, print] of Object.entries(printers)) {
    it(`does not expose its parts to ${name}`, async () => {
      assert.doesNotMatch(await print(parsed()), PARTS);
    });
  }

  it("hides its password even from an inspection that calls every getter", () => {
    const options = { customInspect: false, showHidden: true, getters: true, depth: null };
    assert.doesNotMatch(inspect(parsed(), options), /opensesame/);
  });

  it("prints as ***", () => {
    assert.deepEqual([parsed().toString(), JSON.stringify(parsed()), inspect(parsed())], ["***", '"***"', "***"]);
    assert.equal(inspect(parsed().password), "***");
  });

  it("is a secret", () => {
    assert.ok(isSecretValue(parsed()));
    assert.equal(parsed().reveal(), URL_TEXT);
  });

  it("equals only connections with the same URL", () => {
    assert.ok(parsed().equals(parsed()));
    assert.ok(parsed().equals(URL_TEXT));
    assert.ok(!parsed().equals(parsed(`${URL_TEXT}&connect_timeout=3`)));
  });

  it("has no own properties to enumerate, clone or change", () => {
    const connection = parsed();
    assert.deepEqual(Reflect.ownKeys(connection), []);
    assert.deepEqual(structuredClone(connection), {});
    assert.throws(() => Object.assign(connection, { host: "elsewhere" }), TypeError);
    assert.throws(() => Object.assign(connection.tls, { mode: "off" }), TypeError);
  });
});
